/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Pieces of a log, and patterns for its lines. Nothing is NUL-terminated, nothing is copied. */
#ifndef DECODE_VERIFIER_TEXT_H
#define DECODE_VERIFIER_TEXT_H

#include "cli/defs.h"

struct span {
	const char *at; /* NULL: there is none */
	size_t len;
};

#define MATCH_MAX 8
#define NO_REG (-1)

/* What the %d, %r and %s of a pattern stand for, in order. */
struct match {
	unsigned int n;
	struct span text[MATCH_MAX];
	int64_t number[MATCH_MAX]; /* 0 for text */
	int reg;		   /* the first %r; NO_REG: there is none */
};

/*
 * Does the line start with the pattern? %d is a number (decimal, or hexadecimal after 0x), %r the
 * number of a register, %s any text up to the first place where the rest fits (at the end of the
 * pattern: the rest of the line), %% a percent sign. ret may be NULL.
 */
bool text_match(const char *pattern, struct span line, struct match *ret);

/* The number at the start of s; its length in *ret_len (0: none). */
int64_t span_number(struct span s, size_t *ret_len);
bool span_starts(struct span s, const char *lead);
bool span_is(struct span s, const char *text);
/* From the first occurrence of text on, or none. */
struct span span_find(struct span s, const char *text);
struct span span_skip(struct span s, size_t n);
struct span span_trim(struct span s);
/* The first line of s, without its newline. */
struct span span_line(struct span s);

static inline struct span span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

#define SPAN_FMT "%.*s"
#define SPAN_ARG(s) (int)(s).len, (s).at

#endif
