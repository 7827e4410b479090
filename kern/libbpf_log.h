/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Messages of libbpf (and of the verifier through it). Warnings are kept in ctx->err's log and
 * shown with the error report if the command fails; with -d everything goes to stderr as it
 * arrives.
 */
#ifndef KERN_LIBBPF_LOG_H
#define KERN_LIBBPF_LOG_H

#include "cli/ctx.h"

/*
 * Directs libbpf's messages to ctx, which must outlive every later call into libbpf. Called once,
 * by main.
 */
void libbpf_log_install(struct ctx *ctx);

/*
 * Level for verifier logs: 7 (everything) with -d, else 0 (a log only for a rejected program, which
 * libbpf gets by a second attempt).
 */
unsigned int libbpf_log_level(const struct ctx *ctx);

/* Passes a text of many lines, such as a log, line by line. */
void log_say(struct ctx *ctx, const char *text);

#endif
