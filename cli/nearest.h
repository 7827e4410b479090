/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The candidate nearest to a mistyped word, for "did you mean". */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include "cli/defs.h"

struct nearest {
	const char *word, *best;	/* best: NULL if none is near */
	unsigned int distance;
};

/* Sets n->best to candidate if it is nearer than all before; it must outlive n. */
void nearest_try(struct nearest *n, const char *candidate);

#endif
