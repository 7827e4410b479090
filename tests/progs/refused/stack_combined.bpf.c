// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, limit, pattern 47: two frames, together more than 512 bytes. */
#include "refused.h"

static __attribute__((noinline)) int sum(struct __sk_buff *skb)
{
	__u8 part[300];	/* CAUSE */

	if (bpf_skb_load_bytes(skb, 256, part, sizeof(part)))
		return 0;
	return part[0] + part[299];
}

SEC("tc") int both(struct __sk_buff *skb)
{
	__u8 part[256];	/* CAUSE */

	if (bpf_skb_load_bytes(skb, 0, part, sizeof(part)))
		return TC_ACT_OK;
	return sum(skb) == part[0] + part[255];	/* CAUSE */
}

char _license[] SEC("license") = "GPL";
