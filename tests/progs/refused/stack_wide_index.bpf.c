// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 16: bounded, but by more than the buffer has. */
#include "refused.h"

SEC("xdp") int last_digits(struct xdp_md *ctx)
{
	__u32 i = ctx->rx_queue_index & 63;	/* CAUSE */
	char text[16] = {};

	text[i] = 'x';	/* CAUSE REFUSED */
	bpf_printk("%s", text);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
