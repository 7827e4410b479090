/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* gen min_core_btf: what gen.c's table of commands needs. */
#ifndef GEN_MIN_CORE_H
#define GEN_MIN_CORE_H

#include "cli/cmd.h"

struct min_core_args {
	const char *in, *out;
	struct args objects;
};
extern const struct param min_core_params[];
int gen_min_core(struct ctx *ctx, const void *args);

#endif
