/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* gen skeleton and subskeleton: what gen.c's table of commands needs. */
#ifndef GEN_SKELETON_H
#define GEN_SKELETON_H

#include "cli/cmd.h"

struct skeleton_args {
	const char *object, *name, *output;
	uint32_t libbpf;		/* SKEL_LIBBPF(); 0: the one that runs here */
	int format;
};
extern const struct param skeleton_params[];
int gen_skeleton(struct ctx *ctx, const void *args);

/* "1.5" into an uint32_t: the row "for-libbpf". */
int skel_parse_libbpf(struct ctx *ctx, struct args *a, void *member);

struct subskeleton_args {
	const char *object, *name, *output;
	uint32_t libbpf;
};
extern const struct param subskeleton_params[];
int gen_subskeleton(struct ctx *ctx, const void *args);

#endif
