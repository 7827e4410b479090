// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 26: a pointer goes through a variable of 32 bits. */
#include "refused.h"

SEC("xdp") int narrow(struct xdp_md *ctx)
{
	__u32 pos = ctx->data, end = ctx->data_end;	/* CAUSE */
	struct ethhdr *eth;

	pos += ETH_HLEN;	/* REFUSED */
	if (pos > end)
		return XDP_PASS;
	eth = (void *)(long)(pos - ETH_HLEN);
	return eth->h_proto ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
