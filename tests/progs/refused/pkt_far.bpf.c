// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 1: an offset of 16 bits is beyond what bounds can be proved for. */
#include "refused.h"

SEC("xdp") int trailer(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	__u8 *last;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	last = (void *)ip + bpf_ntohs(ip->tot_len);	/* CAUSE */
	if (last + 1 > (__u8 *)data_end)
		return XDP_PASS;
	return *last ? XDP_PASS : XDP_DROP;	/* REFUSED */
}

char _license[] SEC("license") = "GPL";
