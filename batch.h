/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Running commands: a single one, and many from a file. */
#ifndef BATCH_H
#define BATCH_H

#include "cli/cmd.h"

/*
 * One command in its own output scope: dispatch, help text if requested, the error in JSON. Returns
 * 0 or a negative errno with ctx->err filled; the caller reports it in text.
 */
int run_command(struct ctx *ctx, const char *const *words, unsigned int n);

/*
 * The answer cannot be written to stdout: stores this error, with the change that was made before.
 * Returns err.
 */
int fail_write(struct ctx *ctx, int err);

/*
 * Ends an output scope, with the error in ctx->err if there is one: output that could not be
 * composed is an error, too, and an error after a change says so.
 */
void end_answer(struct ctx *ctx);

#endif
