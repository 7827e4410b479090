// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, limit, pattern 44: a loop as long as the packet says. */
#include "refused.h"

__u32 odd;

SEC("tc") int per_byte(struct __sk_buff *skb)
{
	__u32 i, len = skb->len;

	for (i = 0; i < len; i++)	/* CAUSE REFUSED */
		odd += bpf_get_prandom_u32();	/* REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
