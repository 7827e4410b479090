/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* A program that the verifier refuses: the error with its places in the source. */
#ifndef LOAD_REFUSAL_H
#define LOAD_REFUSAL_H

#include "cli/ctx.h"
#include "decode/verifier/text.h"

struct bpf_program;

struct refused {
	const char *path; /* the object file */
	const struct bpf_program *prog;
	int err;	      /* negative errno */
	struct span log;      /* what the verifier wrote */
	const char *log_file; /* where it can be read in full, or NULL */
};

/*
 * Stores the error, in text and JSON as the manual describes (REFUSED PROGRAMS). Further refusals
 * are added to the first. Returns true; false: the log contains no complaint, nothing is stored.
 */
bool refusal_report(struct ctx *ctx, const struct refused *what);

#define REFUSED_NAME_MAX 64
/* The program that was refused last; false for other errors. */
bool refusal_last(const struct err *e, char ret[static REFUSED_NAME_MAX]);
/* Moves the refusals of from to the end of those of to. Returns false if there are none. */
bool refusal_merge(struct err *to, struct err *from);

#endif
