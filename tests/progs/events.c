// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* XDP that sends the first bytes of a packet as an event, through a perf event array and a ring
 * buffer. */
#include "prelude.h"

enum { MAP_TYPE_PERF_EVENT_ARRAY = 4, MAP_TYPE_RINGBUF = 27 };

struct event {
	u32 number;
	char word[12];
};

struct {
	int (*type)[MAP_TYPE_PERF_EVENT_ARRAY];
	int (*key_size)[4];
	int (*value_size)[4];
	int (*max_entries)[64];
} NAME(_perf) SEC(".maps");

struct {
	int (*type)[MAP_TYPE_RINGBUF];
	int (*max_entries)[4096];
} NAME(_ring) SEC(".maps");

struct event *unused_event __attribute__((unused));	/* keeps the type */

static long (*const perf_event_output)(void *ctx, void *map, u64 flags, void *data,
				       u64 len) = (void *)25;
static long (*const ringbuf_output)(void *map, void *data, u64 len, u64 flags) = (void *)130;

struct xdp_md {
	u32 data, data_end;
};

SEC("xdp") int NAME(_send)(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct event e = { .word = "hello" };

	if (data + 4 > end)
		return 0;
	e.number = data[0];
	perf_event_output(ctx, &NAME(_perf), 0xffffffffULL, &e, sizeof(e));
	ringbuf_output(&NAME(_ring), &e, sizeof(e), 0);
	return 2;
}

char _license[] SEC("license") = "GPL";
