// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: used first and checked afterwards. */
#include "refused.h"

struct flow {
	__u64 packets;
	__u64 seen_ns;
};

HASH_MAP(flows, __u32, struct flow);

SEC("xdp") int touch(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	struct flow *f = bpf_map_lookup_elem(&flows, &key);
	__u64 now = bpf_ktime_get_ns();

	__sync_fetch_and_add(&f->packets, 1);	/* CAUSE REFUSED */
	if (f)	/* CAUSE */
		f->seen_ns = now;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
