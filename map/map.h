/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the files of the map group share: entries on paper, and how they are picked. */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "cli/buf.h"
#include "cli/cmd.h"
#include "decode/btf/place.h"
#include "decode/btf/value.h"
#include "kern/map/io.h"
#include "kern/object/types.h"

struct map_filter;

/* map/entry.c: a map as far as its entries are printed. */
struct map_view {
	struct map_shape shape;
	struct types *types;		/* owned; NULL: entries are bytes */
	struct btf_plan *key, *value;	/* owned; key may be NULL where value is not */
	struct buf scratch;
	int types_err;			/* why there are no types, though the map has BTF */
	bool one_cpu; /* of a per-CPU map only the value of this CPU is looked at and shown */
	uint32_t cpu;
};

static inline uint32_t map_view_first_cpu(const struct map_view *v)
{
	return v->one_cpu ? v->cpu : 0;
}

/* Behind the last one. */
static inline uint32_t map_view_end_cpu(const struct map_view *v)
{
	return v->one_cpu ? v->cpu + 1 : v->shape.n_cpus;
}

/* From now on the view is of one CPU. Reports that the map, or the machine, has no such thing. */
int map_view_one_cpu(struct ctx *ctx, uint32_t cpu, struct map_view *v);

/* Learn all about the map behind fd. Reports errors; that its BTF cannot be used is reported, too,
 * by unread(). */
int map_view_open(struct ctx *ctx, int fd, struct map_view *ret);
void map_view_close(struct map_view *v);

/* Would map_view_open() find types for the values? */
bool map_is_typed(const struct map_shape *s);

/*
 * One entry as a record. err: why there is no value, or 0. A typed map's entry in text stands
 * between out_tree() and out_tree_end().
 */
void map_entry_show(struct ctx *ctx, struct map_view *v, const uint8_t *key, const uint8_t *value,
		    int err);

/* Reports that the map has no BTF, which would be needed as reason says, or why it cannot be used.
 * Returns the error. */
int map_view_fail_types(struct ctx *ctx, const struct map_view *v, const char *reason);

/* Types for a view that was made without, by map_shape_read() alone. 0 or a negative errno. */
int map_view_load(struct ctx *ctx, struct map_view *v);

/*
 * map/typed.c: do these words say what a key or value means (JSON, "field=value", a number for an
 * int)? keywords: what may stand behind them. Then they can be skipped, or parsed into data, of
 * which members that are not mentioned stay.
 */
bool map_words_typed(const struct args *a, const struct map_shape *s, const char *const *keywords);
void map_words_skip(struct args *a);
int map_words_parse(struct ctx *ctx, struct args *a, struct map_view *v, const char *what,
		    uint8_t *data);

/* map/filter.c: 'as' and 'pretty', which show data otherwise than their types say. */
struct map_forms {
	const char *as;
	bool pretty;
};

/* Change the view's types so. They are not to be used for reading words from then on. */
int map_view_forms(struct ctx *ctx, const struct map_forms *forms, struct map_view *v);

/* map/sort.c: entries that are kept until all are there. A zeroed one is empty. */
struct map_sorted {
	struct buf entries;
	size_t n, stride, value_at;
};
/* Copies. 0 or -ENOMEM. */
int map_sorted_add(struct map_sorted *s, const struct map_view *v, const uint8_t *key,
		   const uint8_t *value);
void map_sorted_sort(struct map_sorted *s, const struct map_filter *f);
/* Byte by byte. */
void map_sorted_by_key(struct map_sorted *s, size_t key_size);
/* The caller may change them. */
void map_sorted_at(const struct map_sorted *s, size_t i, const uint8_t **ret_key,
		   uint8_t **ret_value);
void map_sorted_free(struct map_sorted *s);

/* map/event.c */
/* A number behind the keyword cpu or index. */
int map_parse_given(struct ctx *ctx, struct args *a, void *member);

#endif
