// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 49: a callback of bpf_loop() says go on or stop, nothing else. */
#include "refused.h"

static long step(__u32 i, void *data)
{
	__u64 *sum = data;

	*sum += i;
	return *sum;	/* CAUSE REFUSED */
}

SEC("tc") int add_up(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(100, step, &sum, 0);
	return sum > 1000 ? TC_ACT_SHOT : TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
