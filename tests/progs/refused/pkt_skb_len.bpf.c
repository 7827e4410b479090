// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: skb->len says nothing about the linear part. */
#include "refused.h"

SEC("tc") int police(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	struct iphdr *ip = (void *)(eth + 1);

	if (skb->len < sizeof(*eth) + sizeof(*ip))	/* CAUSE */
		return TC_ACT_OK;
	if (ip->tos)	/* REFUSED */
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
