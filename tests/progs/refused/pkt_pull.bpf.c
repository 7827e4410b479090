// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: pulled, and the pointers of before are still used. */
#include "refused.h"

SEC("tc") int mirror_port(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > data_end) {
		if (bpf_skb_pull_data(skb, sizeof(*eth) + sizeof(*ip) + sizeof(*udp)))	/* CAUSE */
			return TC_ACT_OK;
	}
	if (udp->dest == bpf_htons(53))	/* REFUSED */
		skb->mark = 53;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
