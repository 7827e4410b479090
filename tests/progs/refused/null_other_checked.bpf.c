// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: two lookups, and the first one is checked twice. */
#include "refused.h"

HASH_MAP(rx, __u32, __u64);
HASH_MAP(tx, __u32, __u64);

SEC("xdp") int both(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	__u64 *in, *out;

	in = bpf_map_lookup_elem(&rx, &key);
	if (!in)
		return XDP_PASS;
	out = bpf_map_lookup_elem(&tx, &key);
	if (!in)	/* CAUSE */
		return XDP_PASS;
	if (*in > *out)	/* REFUSED */
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
