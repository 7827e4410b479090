// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: a subprogram stores into the packet, its caller reads on. */
#include "refused.h"

static __attribute__((noinline)) int set_tos(struct __sk_buff *skb, __u8 tos)
{
	return bpf_skb_store_bytes(skb, ETH_HLEN + offsetof(struct iphdr, tos), &tos, 1, 0);
}

SEC("tc") int remark(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;

	if ((void *)(ip + 1) > data_end)
		return TC_ACT_OK;
	if (ip->protocol == IPPROTO_UDP)
		set_tos(skb, 0x10);	/* CAUSE */

	if (ip->ttl == 1)	/* REFUSED */
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
