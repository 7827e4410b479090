// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 19: a hook for IPv4 reads the address of IPv6. */
#include "refused.h"

SEC("cgroup/connect4") int deny_loopback(struct bpf_sock_addr *ctx)
{
	if (ctx->user_ip6[3] == bpf_htonl(1))	/* CAUSE REFUSED */
		return 0;
	return 1;
}

char _license[] SEC("license") = "GPL";
