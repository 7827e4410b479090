// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs for prog run: each changes what it is given, and says what it saw by its return value.
 *
 *   clang -O2 -g -target bpf -DPFX=t123 -c run.c -o run.o
 */
#include "prelude.h"

typedef unsigned char u8;

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

struct sk_buff_md {
	u32 len, pkt_type, mark;
};

static u32 (*const get_smp_processor_id)(void) = (void *)8;

/* Drops a packet whose 15th byte is 'D', else puts 'Z' there. */
SEC("xdp") int NAME(_xdp)(struct xdp_md *ctx)
{
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 15 > end)
		return 0;
	if (data[14] == 'D')
		return 1;
	if (data[14] == '9')
		return 9;
	data[14] = 'Z';
	return 2;
}

SEC("tc") int NAME(_tc)(struct sk_buff_md *ctx)
{
	ctx->mark++;
	return ctx->mark > 100 ? 2 : -1;
}

struct question {
	u32 a, b;
};

SEC("syscall") int NAME(_ask)(struct question *ctx)
{
	ctx->b = ctx->a * 2;
	return 0;
}

SEC("syscall") int NAME(_sys)(u32 *ctx)
{
	ctx[1] = ctx[0] + ctx[1] + 1;
	return 7;
}

SEC("raw_tp/task_rename") int NAME(_raw)(u64 *ctx)
{
	return (int)(ctx[0] * 1000 + get_smp_processor_id());
}

char _license[] SEC("license") = "Dual BSD/GPL";
