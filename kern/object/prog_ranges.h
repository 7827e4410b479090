/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Where the machine code of loaded programs is. */
#ifndef KERN_OBJECT_PROG_RANGES_H
#define KERN_OBJECT_PROG_RANGES_H

#include "kern/object/obj.h"

struct prog_range {
	uint64_t start;
	uint32_t len, prog_id;
};

struct prog_ranges {
	struct prog_range *all;		/* owned; each function of each program, sorted */
	size_t n, max;
};

/*
 * Asks all programs. Those that cannot be asked, or whose addresses are hidden, are missing.
 * Returns 0, or the error is stored.
 */
int prog_ranges_collect(struct ctx *ctx, struct prog_ranges *ret);
/* The function that contains the address, or NULL. */
const struct prog_range *prog_range_at(const struct prog_ranges *r, uint64_t addr);

#endif
