// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 32: a helper of skb programs in XDP. */
#include "refused.h"

SEC("xdp") int load(struct xdp_md *ctx)
{
	__u8 head[14] = {};

	bpf_skb_load_bytes(ctx, 0, head, sizeof(head));	/* CAUSE REFUSED */
	return head[12] == 8 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
