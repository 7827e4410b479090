// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: one of two merged branches made no check. */
#include "refused.h"

SEC("xdp") int by_port(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct udphdr *udp;

	if (data + sizeof(*eth) > data_end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		udp = data + sizeof(*eth) + sizeof(struct iphdr);
		if ((void *)(udp + 1) > data_end)
			return XDP_PASS;
	} else {
		udp = data + sizeof(*eth) + sizeof(struct ipv6hdr);	/* CAUSE */
	}
	if (udp->dest == bpf_htons(4789))	/* REFUSED */
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
