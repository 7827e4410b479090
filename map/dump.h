/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* map dump: the command's arguments, and the filter made from them. */
#ifndef MAP_DUMP_H
#define MAP_DUMP_H

#include "map/map.h"

enum map_percpu { PERCPU_EACH, PERCPU_SUM, PERCPU_MAX };
extern const char *const map_percpu_words[];

struct map_dump_args {
	struct ref map;
	uint32_t limit;			/* 0: no limit */
	const char *where, *sort;
	struct map_forms forms;
	int percpu;			/* enum map_percpu */
	struct given_u32 cpu;
	bool recurse, reverse;
};

/* map/filter.c: which entries dump leaves out, and the order of the rest. */
struct map_filter {
	const char *where;		/* NULL: nothing */
	bool in_key, folds, takes_max, recurses;
	uint64_t limit;
	uint8_t *scratch;		/* owned */
	/* owned; the types of entries, however they are shown; NULL without BTF */
	struct btf_plan *key, *value;
	struct btf_place place;		/* of a range */
	uint8_t *low, *high;		/* owned; its ends, NULL: open */
	bool sorts, sort_in_key, reverse;
	size_t cpu_off;			/* offset within a value of that of the selected CPU */
	struct btf_place order;
};
int map_filter_open(struct ctx *ctx, const struct map_dump_args *a, struct map_view *v,
		    struct map_filter *ret);
void map_filter_close(struct map_filter *f);
bool map_filter_takes(struct ctx *ctx, const struct map_filter *f, const struct map_view *v,
		      const uint8_t *key, const uint8_t *value);
/* Combines the values of all CPUs in place of the first. */
void map_filter_fold(const struct map_filter *f, const struct map_view *v, uint8_t *value);

#endif
