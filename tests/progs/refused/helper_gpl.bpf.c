// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 34: a helper for GPL programs, and another licence. */
#include "refused.h"

SEC("raw_tp/sched_switch") int say(void *ctx)
{
	bpf_printk("switch");	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "Dual MIT/Apache";	/* CAUSE */
