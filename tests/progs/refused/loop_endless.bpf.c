// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, source, pattern 46: a loop that ends by chance only. */
#include "refused.h"

SEC("xdp") int wait_for_it(struct xdp_md *ctx)
{
	while (bpf_get_prandom_u32() != 5)	/* CAUSE REFUSED */
		;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
