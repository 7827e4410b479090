// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: the comparison is the wrong way round. */
#include "refused.h"

SEC("xdp") int count_ttl(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct iphdr *ip = data + sizeof(struct ethhdr);

	if ((void *)(ip + 1) < data_end)	/* CAUSE */
		return XDP_PASS;

	if (ip->ttl < 2)	/* REFUSED */
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
