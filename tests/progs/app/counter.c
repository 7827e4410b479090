// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Counts packets. Its map has the same definition as that of the walkthrough's first program, so
 * that it can continue with it.
 */
#include "app.h"

struct counter {
	u64 packets;
};

struct {
	int (*type)[MAP_TYPE_ARRAY];
	u32 *key;
	struct counter *value;
	int (*max_entries)[1];
} counter_map SEC(".maps");

SEC("xdp") int xdp_counter(struct xdp_md *ctx)
{
	struct counter *c;
	u32 key = 0;

	(void)ctx;
	c = map_lookup_elem(&counter_map, &key);
	if (!c)
		return XDP_DROP;
	say("app: counter %llu\n", __sync_fetch_and_add(&c->packets, 1) + 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
