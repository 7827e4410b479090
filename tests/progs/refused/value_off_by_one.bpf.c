// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 4: the limit itself is not a valid index. */
#include "refused.h"

#define N_QUEUES 16

struct queues {
	__u64 packets[N_QUEUES];
};

ARRAY_MAP(by_queue, struct queues, 1);

SEC("xdp") int per_queue(struct xdp_md *ctx)
{
	__u32 key = 0, queue = ctx->rx_queue_index;
	struct queues *q = bpf_map_lookup_elem(&by_queue, &key);

	if (!q)
		return XDP_PASS;
	if (queue > N_QUEUES)	/* CAUSE */
		return XDP_PASS;
	q->packets[queue]++;	/* REFUSED */
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
