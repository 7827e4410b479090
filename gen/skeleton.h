/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* gen skeleton and subskeleton: what gen.c's table of commands needs. */
#ifndef GEN_SKELETON_H
#define GEN_SKELETON_H

#include "cli/cmd.h"

/* "1.5" into an uint32_t: the row "for-libbpf". */
int skel_parse_libbpf(struct ctx *ctx, struct args *a, void *member);

/* The rows that both share come first. */
#define PARAMS_SKEL(type)                                                                          \
	PARAM_PATH(type, object, "", "OBJECT", "the object file", .flags = PF_REQUIRED),           \
		PARAM_WORD(type, name, "name", "NAME", NULL,                                       \
			   "name of the struct (default: from the file name)"),                    \
		PARAM_CUSTOM(type, libbpf, uint32_t, "for-libbpf", "X.Y", skel_parse_libbpf,       \
			     "libbpf version it will be compiled with")

#endif
