// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 22: an offset into the packet may be negative. */
#include "refused.h"

ARRAY_MAP(offsets, long, 1);

SEC("xdp") int at_offset(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	__u32 key = 0;
	long *off = bpf_map_lookup_elem(&offsets, &key);
	__u8 *p;

	if (!off || *off > 1000)	/* CAUSE */
		return XDP_PASS;
	p = data + *off;	/* CAUSE REFUSED */
	if (p + 1 > (__u8 *)data_end)
		return XDP_PASS;
	return *p ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
