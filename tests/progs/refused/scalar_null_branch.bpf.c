// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: on one branch the pointer is still NULL. */
#include "refused.h"

ARRAY_MAP(limits, __u64, 4);

SEC("tc") int limit(struct __sk_buff *skb)
{
	__u64 *limit = NULL;	/* CAUSE */
	__u32 key = 2;

	if (skb->mark) {
		limit = bpf_map_lookup_elem(&limits, &key);
		if (!limit)
			return TC_ACT_OK;
	}
	barrier_var(limit);
	return skb->len > *limit ? TC_ACT_SHOT : TC_ACT_OK;	/* REFUSED */
}

char _license[] SEC("license") = "GPL";
