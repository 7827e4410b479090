// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 49: this hook knows 0 and 1 only. */
#include "refused.h"

SEC("cgroup/connect4") int verdict(struct bpf_sock_addr *ctx)
{
	if (ctx->user_port == bpf_htons(25))
		return -1;	/* CAUSE */
	return 1;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
