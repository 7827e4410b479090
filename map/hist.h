/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Histograms in maps: which values a slot counts, and where the slots are in an entry. */
#ifndef MAP_HIST_H
#define MAP_HIST_H

#include "map/map.h"

/* The rules by which tools number the slots; HIST_LINEAR: the slot number is the value. */
enum hist_rule { HIST_LOG2, HIST_BCC, HIST_BPFTRACE, HIST_LINEAR };

struct hist_bounds {
	bool negative;			/* all numbers below 0, instead of: */
	uint64_t low, high;
};

/* The range of values that this slot counts. False: the rule has no such slot. */
bool hist_bounds(enum hist_rule rule, uint64_t slot, struct hist_bounds *ret);

/* Where the counts of a map are: an array of slots in its value, or a slot number in its key. */
struct hist_form {
	bool in_value;
	uint32_t off, size; /* of the number in the key, or of the array and its elements */
	uint32_t n;			/* elements */
	uint32_t member; /* index of the number in a struct key; UINT32_MAX: not a struct */
	bool alone;			/* the number is the whole key: there is one histogram */
};

/* Checks sizes and types, and loads types if they are needed. Reports what it does not support. */
int hist_find_form(struct ctx *ctx, struct map_view *v, struct hist_form *ret);

/* The rule to assume for this map, and in *ret_why (static) the reason. */
enum hist_rule hist_guess(struct ctx *ctx, const struct map_view *v, const struct hist_form *f,
			  const char **ret_why);

#endif
