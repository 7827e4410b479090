// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 22: a signed index has an upper limit only. */
#include "refused.h"

struct table {
	__u32 weight[64];
};

ARRAY_MAP(weights, struct table, 1);

SEC("tc") int weigh(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct table *t = bpf_map_lookup_elem(&weights, &key);
	long i = (int)skb->mark;

	if (!t)
		return TC_ACT_OK;
	if (i >= 64)	/* CAUSE */
		return TC_ACT_OK;
	skb->priority = t->weight[i];	/* REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
