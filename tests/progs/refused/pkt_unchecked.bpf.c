// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: the header is read without any comparison with data_end. */
#include "refused.h"

SEC("xdp") int drop_arp(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if (eth->h_proto == bpf_htons(ETH_P_ARP))	/* CAUSE REFUSED */
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
