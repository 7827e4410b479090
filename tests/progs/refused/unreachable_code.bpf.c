// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, source, pattern 48: code after an exit written by hand. */
#include "refused.h"

SEC("xdp") int leave(struct xdp_md *ctx)
{
	asm volatile("r0 = 2\n"
		     "exit"	/* CAUSE */
		     ::: "r0");
	return XDP_PASS;	/* CAUSE */
}

char _license[] SEC("license") = "GPL";
