// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 5: the function ends without a return value. */
#include "refused.h"

__u64 n_packets;

#pragma clang diagnostic ignored "-Wreturn-type"
SEC("xdp") int count(struct xdp_md *ctx)
{
	n_packets++;
}	/* CAUSE REFUSED */

char _license[] SEC("license") = "GPL";
