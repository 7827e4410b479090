// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 25: the trailer is counted back from data_end. */
#include "refused.h"

SEC("xdp") int trailer_id(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 *id = data_end - sizeof(*id);	/* CAUSE REFUSED */

	if ((void *)id < data)
		return XDP_PASS;
	return *id == 7 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
