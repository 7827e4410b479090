// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, compiler, pattern 20: the address of a member is computed, then read. */
#include "refused.h"

SEC("xdp") int by_queue(struct xdp_md *ctx)
{
	__u32 *queue = &ctx->rx_queue_index;	/* CAUSE */

	barrier_var(queue);
	return *queue == 3 ? XDP_DROP : XDP_PASS;	/* REFUSED */
}

char _license[] SEC("license") = "GPL";
