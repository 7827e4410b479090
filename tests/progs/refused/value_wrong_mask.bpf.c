// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 4: the mask is the size, not the size minus one. */
#include "refused.h"

#define SIZE 256

char ring[SIZE];

SEC("xdp") int keep(struct xdp_md *ctx)
{
	__u32 at = bpf_get_prandom_u32() & SIZE;	/* CAUSE */

	ring[at] = ctx->rx_queue_index;	/* REFUSED */
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
