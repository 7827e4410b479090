// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Three programs: the first and the last are refused, each for a reason of its own. */
#include "prelude.h"

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index;
};

static int (*const adjust_head)(struct xdp_md *ctx, int delta) = (void *)44;

SEC("xdp") int NAME(_short)(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 14 > end)
		return 2;
	return data[23] == 17;
}

SEC("xdp") int NAME(_good)(struct xdp_md *ctx)
{
	return 2;
}

SEC("xdp") int NAME(_moved)(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 14 > end)
		return 2;
	if (adjust_head(ctx, -8))
		return 1;
	return data[3] == 17;
}

char _license[] SEC("license") = "GPL";
