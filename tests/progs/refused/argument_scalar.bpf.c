// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 12: a key is passed by value. */
#include "refused.h"

HASH_MAP(by_index, __u32, __u64);

SEC("tc") int find(struct __sk_buff *skb)
{
	__u64 key = skb->ifindex;

	return bpf_map_lookup_elem(&by_index, (void *)key) ? TC_ACT_OK : TC_ACT_SHOT;	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
