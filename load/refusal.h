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

#endif
