/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Running commands: one, and many from a file. */
#ifndef BATCH_H
#define BATCH_H

#include "cli/cmd.h"

/*
 * One command in an output scope of its own: dispatch, help text if it was asked for, the error
 * in JSON. 0 or a negative errno with ctx->err filled; the caller reports it in text.
 */
int run_command(struct ctx *ctx, const char *const *words, unsigned int n);

#endif
