// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, compiler, pattern 53: one load for a context and for a map's value. */
#include "refused.h"

HASH_MAP(marks, __u32, __u32);

SEC("tc") int mark_of(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, *from;

	from = bpf_map_lookup_elem(&marks, &key);
	if (!from)
		from = (void *)skb;	/* CAUSE */
	barrier_var(from);
	return *from ? TC_ACT_SHOT : TC_ACT_OK;	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
