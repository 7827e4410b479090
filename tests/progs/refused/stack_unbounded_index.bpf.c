// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 17: a buffer on the stack is indexed by a number without bounds. */
#include "refused.h"

SEC("xdp") int digits(struct xdp_md *ctx)
{
	__u32 i = ctx->rx_queue_index;
	char text[16] = {};

	text[i] = 'x';	/* CAUSE REFUSED */
	bpf_printk("%s", text);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
