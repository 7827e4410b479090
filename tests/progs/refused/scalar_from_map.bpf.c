// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: a pointer kept in a map comes back as a number. */
#include "refused.h"

struct saved {
	__u64 *counter;
};

ARRAY_MAP(counters, __u64, 1);
HASH_MAP(saved_of, __u32, struct saved);

SEC("tc") int bump(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct saved *s = bpf_map_lookup_elem(&saved_of, &key);

	if (!s)
		return TC_ACT_OK;
	if (s->counter)
		*s->counter += skb->len;	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
