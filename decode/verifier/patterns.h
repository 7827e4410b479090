/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the verifier says, one row a message: what it means, and who finds where it comes from. */
#ifndef DECODE_VERIFIER_PATTERNS_H
#define DECODE_VERIFIER_PATTERNS_H

#include "decode/verifier/text.h"

struct inquiry;

enum refusal_category {
	CAT_REGISTER,
	CAT_MEMORY,
	CAT_LIFETIME,
	CAT_CALL,
	CAT_CONTEXT,
	CAT_STRUCTURE,
	CAT_POLICY,
	CATEGORIES
};

/* Who has to change: the source, the way it was compiled, the machine, or nobody here. */
enum refusal_class { CLASS_SOURCE, CLASS_COMPILER, CLASS_ENVIRONMENT, CLASS_LIMIT, CLASS_BUG };

enum pattern_flags {
	PAT_WEAK = 1,	/* taken only if no other line of the complaint is known */
	PAT_HELPER = 2, /* {call} is a helper: who may call it is worth saying */
	PAT_KFUNC = 4,
};

/*
 * Texts may contain {KEY}: {0} to {7} are what the pattern matched, the others are named by those
 * who find the cause (cause.c), with a word for each if it is not known.
 */
struct pattern {
	const char *line;    /* text_match() */
	const char *problem; /* completes "the verifier refused 'x': " */
	const char *here;    /* label of the line where it is refused */
	const char *suggestion;
	void (*find)(struct inquiry *q);
	uint8_t category, kind; /* kind: enum refusal_class */
	uint8_t flags;
};

/*
 * The row for a complaint of several lines, what it matched, and which line; NULL: not known.
 */
const struct pattern *pattern_find(const struct span *lines, unsigned int n, struct match *ret,
				   unsigned int *ret_line);

const char *category_name(enum refusal_category c);
const char *class_name(enum refusal_class c);
/* CATEGORIES: there is no category of that name. */
enum refusal_category category_of(struct span name);

#endif
