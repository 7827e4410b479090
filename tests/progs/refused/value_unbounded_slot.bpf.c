// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 4: a slot computed from data has no upper limit. */
#include "refused.h"

struct histogram {
	__u64 slots[32];
};

ARRAY_MAP(latency, struct histogram, 1);

SEC("tc") int sample(struct __sk_buff *skb)
{
	__u32 key = 0, slot;
	struct histogram *h = bpf_map_lookup_elem(&latency, &key);

	if (!h)
		return TC_ACT_OK;
	slot = skb->len / 64;	/* CAUSE */
	h->slots[slot]++;	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
