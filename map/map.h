/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the files of the map group: printing and selecting entries. */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "cli/buf.h"
#include "cli/cmd.h"
#include "decode/btf/place.h"
#include "decode/btf/value.h"
#include "kern/map/io.h"
#include "kern/object/types.h"

struct map_filter;

/* map/entry.c: a map and what is needed to print its entries. */
struct map_view {
	struct map_shape shape;
	struct types *types;		/* owned; NULL: entries are bytes */
	struct btf_plan *key, *value;	/* owned; key may be NULL even if value is not */
	struct buf scratch;
	int types_err;			/* why there are no types, although the map has BTF */
	bool one_cpu; /* for a per-CPU map: read and show the value of one CPU only */
	uint32_t cpu;
};

static inline uint32_t map_view_first_cpu(const struct map_view *v)
{
	return v->one_cpu ? v->cpu : 0;
}

/* After the last CPU. */
static inline uint32_t map_view_end_cpu(const struct map_view *v)
{
	return v->one_cpu ? v->cpu + 1 : v->shape.n_cpus;
}

/*
 * Restricts the view to one CPU. Reports an error if the map is not per-CPU or there is no such
 * CPU.
 */
int map_view_one_cpu(struct ctx *ctx, uint32_t cpu, struct map_view *v);

/*
 * Reads all about the map fd. Reports errors, but not if its BTF cannot be used: that is an error
 * of what needs it (map_view_fail_types()), or else map_view_partly() reports it by unread(), once,
 * before the first entry.
 */
int map_view_open(struct ctx *ctx, int fd, struct map_view *ret);
void map_view_partly(struct ctx *ctx, const struct map_view *v);
void map_view_close(struct map_view *v);

/* Would map_view_open() find types for the values? */
bool map_is_typed(const struct map_shape *s);

/*
 * One entry as a record. err: why there is no value, or 0. In text, a typed entry is placed between
 * out_tree() and out_tree_end().
 */
void map_entry_show(struct ctx *ctx, struct map_view *v, const uint8_t *key, const uint8_t *value,
		    int err);

/*
 * Reports that the map has no BTF, which reason requires, or why it cannot be used. Returns the
 * error.
 */
int map_view_fail_types(struct ctx *ctx, const struct map_view *v, const char *reason);

/*
 * Types for a view created without them, by map_shape_read() alone. Returns 0 or a negative errno.
 */
int map_view_load(struct ctx *ctx, struct map_view *v);

/*
 * map/typed.c: are these words typed data for a key or value (JSON, "field=value", a number for an
 * int)? keywords: the words that may follow. Then they can be skipped, or parsed into data; members
 * that are not given are not changed.
 */
bool map_words_typed(const struct args *a, const struct map_shape *s, const char *const *keywords);
void map_words_skip(struct args *a);
int map_words_parse(struct ctx *ctx, struct args *a, struct map_view *v, const char *what,
		    uint8_t *data);

/* map/filter.c: 'as' and 'pretty', which show data in another form than their types. */
struct map_forms {
	const char *as;
	bool pretty;
};

/* Changes the view's types accordingly. Afterwards they cannot be used to parse words. */
int map_view_forms(struct ctx *ctx, const struct map_forms *forms, struct map_view *v);

/* map/sort.c: entries that are kept until all have been read. A zeroed one is empty. */
struct map_sorted {
	struct buf entries;
	size_t n, stride, value_at;
};
/* Copies. 0 or -ENOMEM. */
int map_sorted_add(struct map_sorted *s, const struct map_view *v, const uint8_t *key,
		   const uint8_t *value);
void map_sorted_sort(struct map_sorted *s, const struct map_filter *f);
/* Compares byte by byte. */
void map_sorted_by_key(struct map_sorted *s, size_t key_size);
/* The caller may modify them. */
void map_sorted_at(const struct map_sorted *s, size_t i, const uint8_t **ret_key,
		   uint8_t **ret_value);
void map_sorted_free(struct map_sorted *s);

#endif
