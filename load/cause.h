/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Why libbpf did not load or attach an object, from its messages: what is missing in the object or
 * in this kernel, by name, and the nearest names that are there.
 */
#ifndef LOAD_CAUSE_H
#define LOAD_CAUSE_H

#include "cli/ctx.h"

struct bpf_program;

struct cause_case {
	const char *text;		/* what failed: "load 'x.o'" */
	const struct bpf_program *prog; /* the program that failed; NULL if none was named */
	int err;
};

/*
 * Looks through the log of ctx->err. True: the cause is known, and error and hint are stored; in
 * text the messages that it repeats are dropped. False: nothing was done.
 */
bool cause_report(struct ctx *ctx, const struct cause_case *what);

#endif
