// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: the size of the pointer was taken, not of what it points to. */
#include "refused.h"

SEC("tc") int mark_v6(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;

	if (data + sizeof(eth) > data_end)	/* CAUSE */
		return TC_ACT_OK;
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))	/* REFUSED */
		skb->mark = 6;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
