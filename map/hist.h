/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Histograms in maps: which slot is for which values, and where in an entry the slots are. */
#ifndef MAP_HIST_H
#define MAP_HIST_H

#include "map/map.h"

/* Who counts says which values a slot is for; HIST_LINEAR: the slot's number is the value. */
enum hist_rule { HIST_LOG2, HIST_BCC, HIST_BPFTRACE, HIST_LINEAR };

struct hist_bounds {
	bool negative;			/* all numbers below 0, instead of: */
	uint64_t low, high;
};

/* The values that are counted in this slot. False: the rule has no such slot. */
bool hist_bounds(enum hist_rule rule, uint64_t slot, struct hist_bounds *ret);

/* Where the counts of a map are: an array of slots in its value, or a number of the slot in its
 * key. */
struct hist_form {
	bool in_value;
	uint32_t off, size; /* of the number in the key, or of the array and one of its elements */
	uint32_t n;			/* elements */
	uint32_t member; /* of a struct key: which one the number is; UINT32_MAX: it is none */
	bool alone;			/* the number is the whole key: there is one histogram */
};

/* Looks at sizes and types, which it loads where they are needed. Reports what it cannot make sense
 * of. */
int hist_find_form(struct ctx *ctx, struct map_view *v, struct hist_form *ret);

/* What is to be assumed of this map, and in *ret_why (static) by what. */
enum hist_rule hist_guess(struct ctx *ctx, const struct map_view *v, const struct hist_form *f,
			  const char **ret_why);

#endif
