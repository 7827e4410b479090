/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Why the verifier refuses a program: one model for the logs of all kernels. Knows nothing of the
 * object file: the caller finds the source lines of instructions.
 */
#ifndef DECODE_VERIFIER_REFUSAL_H
#define DECODE_VERIFIER_REFUSAL_H

#include "decode/verifier/log.h"
#include "decode/verifier/patterns.h"

#define REFUSAL_PATH_MAX 6

/* A line of source. Strings are owned by the place. */
struct source_line {
	char function[64], file[128], text[256]; /* "": not known */
	uint32_t line, column;			 /* 0: not known */
};

/* The source line of an instruction of the program; false if there is none. */
struct source_finder {
	bool (*find)(const struct source_finder *f, uint32_t insn, struct source_line *ret);
};

struct place {
	bool known;
	uint32_t insn;
	uint32_t step;	 /* of the walk, or VLOG_NONE */
	char label[112]; /* "bytes 0 to 13 are proven here" */
	char insn_text[80];
	bool branch; /* a condition, not an access */
	struct source_line source;
};

struct refusal {
	bool known;		     /* else only message is of use, and perhaps at */
	const char *category, *kind; /* NULL if not known */
	char problem[160];
	char reason[512]; /* the complaint in full: lines joined by "; " */
	char suggestion[512];
	char message[320];		     /* the line that says it */
	char call[64];			     /* the helper or kfunc it is about, or "" */
	uint8_t flags;			     /* enum pattern_flags */
	struct place at, cause;		     /* equal if nothing before is to blame */
	struct place path[REFUSAL_PATH_MAX]; /* in the order of the walk, between cause and at */
	unsigned int n_path;
	struct span stats; /* belongs to the text */
};

/*
 * finder: may be NULL. Returns 0, or -ENOENT if the text contains no complaint, or -ENOMEM. Nothing
 * is owned by ret.
 */
int refusal_read(struct span text, const struct source_finder *finder, struct refusal *ret);

#endif
