// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 24: the member's address is taken before the NULL check. */
#include "refused.h"

struct pair {
	__u64 first;
	__u64 second;
};

HASH_MAP(pairs, __u32, struct pair);

SEC("tc") int second(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct pair *p = bpf_map_lookup_elem(&pairs, &key);
	__u64 *n = &p->second;	/* CAUSE REFUSED */

	barrier_var(n);
	if (!p)	/* CAUSE */
		return TC_ACT_OK;
	*n += skb->len;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
