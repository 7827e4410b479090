/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Words in hints: the candidate nearest to a mistyped one, for "did you mean", and lists. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include "cli/defs.h"

struct nearest {
	const char *word, *best;	/* best: NULL if none is near */
	unsigned int distance;
};

/* Sets n->best to candidate if it is nearer than all before; it must outlive n. */
void nearest_try(struct nearest *n, const char *candidate);

/*
 * Appends to "a, b, c" in buf, which is "" at first. What does not fit, and all after it, becomes
 * "..." once.
 */
void add_word(char *buf, size_t size, const char *fmt, ...) FORMAT_PRINTF(3, 4);

#endif
