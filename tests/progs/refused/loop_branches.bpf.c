// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, limit, pattern 45: each turn leaves a branch to come back to. */
#include "refused.h"

__u32 small;

SEC("raw_tp/sys_enter") int sample(void *ctx)
{
	int i, n = 0;

	for (i = 0; i < 20000; i++) {	/* CAUSE */
		if (bpf_get_prandom_u32() < 1000)	/* CAUSE REFUSED */
			n++;
	}
	small = n;
	return 0;
}

char _license[] SEC("license") = "GPL";
