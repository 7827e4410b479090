// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 12: the context is no memory to read a key from. */
#include "refused.h"

HASH_MAP(by_mark, __u32, __u64);

SEC("tc") int find(struct __sk_buff *skb)
{
	return bpf_map_lookup_elem(&by_mark, skb) ? TC_ACT_OK : TC_ACT_SHOT;	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
