/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * -o FILE: a command's document goes into a file instead of to stdout, whole or not at all. A
 *command that offers it has PARAM_OUTPUT(struct x_args, output) among its rows, does its work in a
 *function x_write() of the usual form, which knows nothing of files, and runs
 *
 *	return output_run(ctx, a->output, x_write, args);
 */
#ifndef VIEW_OUTPUT_H
#define VIEW_OUTPUT_H

#include "cli/cmd.h"

/* The words "output FILE", "--output FILE", "-o FILE". member: const char *. */
#define PARAM_OUTPUT(type, member)                                                                 \
	PARAM_PATH(type, member, "output", "FILE",                                                 \
		   "write to this file (also -o FILE), replaced only on success")

/*
 * run(ctx, args) with ctx->out writing to path, in the rendition of this run; stdout has no data
 * then (null with -j). When run fails, or the disk is full, what was there before is left. Devices
 * and pipes are written to. path NULL: just run. 0, or the error is stored.
 */
int output_run(struct ctx *ctx, const char *path, int (*run)(struct ctx *ctx, const void *args),
	       const void *args);

/* The same for source code and the like: the file holds that, not JSON with it in a string, with -j
 * too. */
int output_run_text(struct ctx *ctx, const char *path,
		    int (*run)(struct ctx *ctx, const void *args), const void *args);

#endif
