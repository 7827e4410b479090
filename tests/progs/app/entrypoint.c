// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The entry point of packets: passes them to the program in the only slot of a table, if there is
 * one.
 */
#include "app.h"

struct {
	int (*type)[MAP_TYPE_PROG_ARRAY];
	int (*key_size)[4];
	int (*value_size)[4];
	int (*max_entries)[1];
} call_table SEC(".maps");

SEC("xdp") int xdp_entrypoint(struct xdp_md *ctx)
{
	tail_call(ctx, &call_table, 0);
	say("app: nobody to call\n");
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
