// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: tags are walked in a loop, the bound is checked before it. */
#include "refused.h"

SEC("xdp") int skip_vlan(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct vlan_header *tag = (void *)(eth + 1);
	__be16 proto;
	int i;

	if ((void *)(tag + 1) > data_end)	/* CAUSE */
		return XDP_PASS;
	proto = eth->h_proto;
	for (i = 0; i < 3; i++) {
		if (proto != bpf_htons(ETH_P_8021Q))
			break;
		proto = tag->proto;	/* CAUSE REFUSED */
		tag++;
	}
	return proto == bpf_htons(ETH_P_IP) ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
