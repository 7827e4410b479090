/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* bpfctl ps: a command without verbs, hence a row of the tree and not a table of its own. */
#ifndef PS_H
#define PS_H

#include "cli/cmd.h"

struct ps_args {
	uint32_t pid;			/* 0: all */
	bool verbose, detail;
};

extern const struct param ps_params[];
int ps_run(struct ctx *ctx, const void *args);

#endif
