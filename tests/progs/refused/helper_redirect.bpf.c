// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 32: a tracepoint cannot redirect packets. */
#include "refused.h"

SEC("raw_tp/netif_receive_skb") int divert(void *ctx)
{
	return bpf_redirect(1, 0);	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
