// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 5: a helper declared by hand with one argument too few. */
#include "refused.h"

static long (*redirect_to)(__u32 ifindex) = (void *)BPF_FUNC_redirect;	/* CAUSE */

SEC("xdp") int bounce(struct xdp_md *ctx)
{
	return redirect_to(ctx->ingress_ifindex);	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
