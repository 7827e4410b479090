// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, environment, pattern 33: a helper of a number that no kernel has. */
#include "refused.h"

static long (*const future)(void *ctx) = (void *)9999;

SEC("tc") int newer(struct __sk_buff *skb)
{
	return future(skb);	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
