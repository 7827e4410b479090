// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: bpf_xdp_adjust_head() moved the packet. */
#include "refused.h"

SEC("xdp") int decap(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if (data + 4 + sizeof(*eth) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(0x6558))
		return XDP_PASS;
	if (bpf_xdp_adjust_head(ctx, 4))	/* CAUSE */
		return XDP_ABORTED;

	eth->h_proto = bpf_htons(ETH_P_IP);	/* REFUSED */
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
