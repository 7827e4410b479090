// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 26: a pointer is aligned with a mask. */
#include "refused.h"

SEC("xdp") int aligned(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u64 start = ctx->data;
	__u32 *p;

	barrier_var(start);
	p = (void *)(start & ~3ULL);	/* CAUSE REFUSED */
	if ((void *)(p + 1) > data_end)
		return XDP_PASS;
	return *p ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
