// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: options move the next header; the bound is that of a fixed one. */
#include "refused.h"

SEC("xdp") int block_ssh(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tcphdr *tcp;

	if (data + sizeof(*eth) + sizeof(*ip) + sizeof(*tcp) > data_end)
		return XDP_PASS;
	if (ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	tcp = (void *)ip + ip->ihl * 4;	/* CAUSE */
	if (tcp->dest == bpf_htons(22))	/* CAUSE REFUSED */
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
