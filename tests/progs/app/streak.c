// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Counts each first byte after the Ethernet header. */
#include "app.h"

struct {
	int (*type)[MAP_TYPE_LRU_HASH];
	u32 *key;
	u64 *value;
	int (*max_entries)[64];
} streak_map SEC(".maps");

SEC("xdp") int xdp_streak(struct xdp_md *ctx)
{
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	u64 one = 1, *n;
	u32 key;

	if (data + 15 > end)
		return XDP_DROP;
	key = data[14];
	n = map_lookup_elem(&streak_map, &key);
	if (n)
		(*n)++;
	else
		map_update_elem(&streak_map, &key, &one, 0);
	say("app: streak of %u\n", key);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
