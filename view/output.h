/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * -o FILE: writes a command's document to a file instead of stdout, completely or not at all. A
 * command with this option has PARAM_OUTPUT(struct x_args, output) among its rows, does its work in
 * a function x_write() of the usual form, which knows nothing of files, and runs
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
 * Calls run(ctx, args) with ctx->out writing to path, in the rendition of this run; stdout has no
 * data then (null with -j). If run fails, or the disk is full, an old file is unchanged. Devices
 * and pipes are written to. path NULL: just calls run. Returns 0, or the error is stored.
 */
int output_run(struct ctx *ctx, const char *path, int (*run)(struct ctx *ctx, const void *args),
	       const void *args);

/*
 * The same for source code and similar text: also with -j, the file contains the text itself, not
 * JSON with a string.
 */
int output_run_text(struct ctx *ctx, const char *path,
		    int (*run)(struct ctx *ctx, const void *args), const void *args);

/*
 * Writes what was composed of n things that reading has removed from their source: if they cannot
 * be written, main's error has their number, "the last 3 events were read from map 7" (noun:
 * "events"). Returns 0 or OUTPUT_LOST, when the caller ends: main reports it.
 */
#define OUTPUT_LOST 1
int output_flush(struct ctx *ctx, unsigned long long n, const char *noun, const char *from);

#endif
