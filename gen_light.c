// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* gen skeleton -L: a header that needs no libbpf. */
#include <errno.h>

#include "gen_skel.h"

int gen_light_skeleton(struct ctx *ctx, const struct skel *s, struct c_text *t)
{
	(void)s, (void)t;
	return fail_msg(ctx->err, -EOPNOTSUPP, "light skeletons (-L) are not made yet");
}
