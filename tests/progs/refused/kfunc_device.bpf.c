// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, environment, pattern 0: hints of a device need a program bound to it. */
#include "refused.h"

int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, __u64 *timestamp) __ksym;

SEC("xdp") int received(struct xdp_md *ctx)
{
	__u64 when = 0;

	bpf_xdp_metadata_rx_timestamp(ctx, &when);	/* CAUSE */
	return when ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
