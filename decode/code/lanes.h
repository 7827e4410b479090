/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Arrows for jumps, drawn in columns to the left of a listing. Shorter jumps are further inside;
 * jumps without a free column, and very long ones, are not drawn.
 */
#ifndef DECODE_CODE_LANES_H
#define DECODE_CODE_LANES_H

#include "decode/code/cfg.h"

struct buf;

struct lanes {
	uint32_t start, len;		/* instructions of the function */
	unsigned int n;			/* columns in use */
	/* bit k of [pos - start]: column k passes, starts, ends at this instruction */
	uint32_t *over, *top, *bottom;
	bool *is_target;
};

/* Which line of the listing: one before the instruction, its own, or one after it. */
enum lanes_line { LANES_BEFORE, LANES_AT, LANES_AFTER };

/* For function f. Returns 0 or -ENOMEM. Free with lanes_free(). */
int lanes_build(const struct cfg *cfg, uint32_t f, struct lanes *ret);
void lanes_free(struct lanes *l);
void lanes_put(const struct lanes *l, uint32_t pos, enum lanes_line line, struct buf *b);

#endif
