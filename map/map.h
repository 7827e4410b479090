/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the files of the map group share: entries on paper, and the commands map.c's table names. */
#ifndef MAP_H
#define MAP_H

#include "cli/buf.h"
#include "cli/cmd.h"
#include "decode/btf/place.h"
#include "decode/btf/value.h"
#include "kern/map/io.h"

/* map/entry.c: a map as far as its entries are printed. */
struct map_view {
	struct map_shape shape;
	const struct btf *btf;		/* NULL: entries are bytes */
	struct btf *own_btf;		/* owned */
	struct btf_plan *key, *value;	/* owned; key may be NULL where value is not */
	struct buf scratch;
	int types_err;			/* why there are no types, though the map has BTF */
	bool one_cpu;			/* of a per-CPU map only the value of this CPU is looked at and shown */
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

/* Learn all about the map behind fd. Reports errors; that its BTF cannot be used is reported, too, by unread(). */
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

/* Reports that the map has no BTF, which would be needed as reason says, or why it cannot be used. Returns the error. */
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
int map_words_parse(struct ctx *ctx, struct args *a, struct map_view *v, const char *what, uint8_t *data);

/* map/filter.c: 'as' and 'pretty', which show data otherwise than their types say. */
struct map_forms {
	const char *as;
	bool pretty;
};

/* Change the view's types so. They are not to be used for reading words from then on. */
int map_view_forms(struct ctx *ctx, const struct map_forms *forms, struct map_view *v);

struct given_u32 {
	bool given;
	uint32_t value;
};

/* map/dump.c */
extern const struct param map_dump_params[];
struct map_dump_args {
	struct ref map;
	uint32_t limit;			/* 0: no limit */
	const char *where, *sort;
	struct map_forms forms;
	int percpu;
	struct given_u32 cpu;
	bool recurse, reverse;
};

/* map/filter.c: what dump leaves out, and in which order the rest comes. */
struct map_filter {
	const char *where;		/* NULL: nothing */
	bool in_key, folds, takes_max, recurses;
	uint64_t limit;
	uint8_t *scratch;		/* owned */
	struct btf_plan *key, *value;	/* owned; what entries are, however they are shown; NULL without BTF */
	struct btf_place place;		/* of a range */
	uint8_t *low, *high;		/* owned; its ends, NULL: open */
	bool sorts, sort_in_key, reverse;
	size_t cpu_off;			/* where in a value that of the CPU is that is looked at */
	struct btf_place order;
};
int map_filter_open(struct ctx *ctx, const struct map_dump_args *a, struct map_view *v, struct map_filter *ret);
void map_filter_close(struct map_filter *f);
bool map_filter_takes(struct ctx *ctx, const struct map_filter *f, const struct map_view *v, const uint8_t *key,
		      const uint8_t *value);
/* The values of all CPUs, together in the place of the first. */
void map_filter_fold(const struct map_filter *f, const struct map_view *v, uint8_t *value);

/* map/sort.c: entries that are kept until all are there. A zeroed one is empty. */
struct map_sorted {
	struct buf entries;
	size_t n, stride, value_at;
};
/* Copies. 0 or -ENOMEM. */
int map_sorted_add(struct map_sorted *s, const struct map_view *v, const uint8_t *key, const uint8_t *value);
void map_sorted_sort(struct map_sorted *s, const struct map_filter *f);
/* Byte by byte. */
void map_sorted_by_key(struct map_sorted *s, size_t key_size);
/* The caller may change them. */
void map_sorted_at(const struct map_sorted *s, size_t i, const uint8_t **ret_key, uint8_t **ret_value);
void map_sorted_free(struct map_sorted *s);
int map_dump(struct ctx *ctx, const void *args);

/* map/event.c */
/* A number behind the keyword cpu or index. */
int map_parse_given(struct ctx *ctx, struct args *a, void *member);

extern const struct param map_event_params[];
struct map_event_args {
	struct ref map;
	struct given_u32 cpu, index;
	bool force;
	const char *type;		/* as 'struct event' */
};
int map_event_pipe(struct ctx *ctx, const void *args);

/* map/create.c */
extern const struct param map_create_params[];
struct map_create_args {
	const char *path, *type, *name;
	uint32_t key_size, value_size, entries, flags;
	struct ref inner;
	const char *dev, *old_dev;	/* offload_dev; dev, its former word */
	const char *numa_node;		/* a number; NULL: any node */
	uint64_t map_extra;
	const char *key_type, *value_type, *from;	/* names of types, and whose */
	const char *token;		/* a bpffs that delegates */
};

/* map/create_btf.c: the types of a map to be made. */
struct map_types {
	struct btf *btf;		/* owned; NULL: the map gets none */
	int btf_fd;			/* the kernel's; owned where there is a token, else by btf; -1: none */
	bool owns_fd;
	uint32_t key_id, value_id;
	uint32_t key_size, value_size;	/* what the types say, else what the user says */
};
/* token_fd: negative for none. */
int map_types_load(struct ctx *ctx, const struct map_create_args *a, uint32_t map_type, int token_fd,
		   struct map_types *ret);
void map_types_free(struct map_types *t);

int map_create(struct ctx *ctx, const void *args);

/* map/usage.c */
extern const struct param map_usage_params[];
struct map_usage_args {
	struct ref map;
	uint32_t over;
};
int map_usage(struct ctx *ctx, const void *args);

/* map/watch.c */
extern const struct param map_watch_params[];
struct map_watch_args {
	struct ref map;
	uint32_t interval, samples;	/* 0: a second; no end */
	bool pretty;
};
int map_watch(struct ctx *ctx, const void *args);

/* map/top.c */
extern const struct param map_top_params[];
struct map_top_args {
	int by;
	uint32_t limit;
};
int map_top(struct ctx *ctx, const void *args);

/* map/bulk.c, map/export.c, map/import.c */
extern const struct param map_clear_params[], map_copy_params[], map_export_params[], map_import_params[];
struct map_clear_args {
	struct ref map;
	bool yes;
};
struct map_copy_args {
	struct ref from, to;
};
struct map_export_args {
	struct ref map;
	const char *path;
	bool drain;
};
struct map_import_args {
	struct ref map;
	const char *path;
	bool replace, yes;
};
int map_clear(struct ctx *ctx, const void *args);
int map_copy(struct ctx *ctx, const void *args);
int map_export(struct ctx *ctx, const void *args);
int map_import(struct ctx *ctx, const void *args);

/* map/hist.c */
extern const char *const map_hist_words[];
extern const struct param map_hist_params[];
struct map_hist_args {
	struct ref map;
	int mode;
	const char *rule;		/* NULL: to be guessed */
};
int map_hist(struct ctx *ctx, const void *args);

/* map/elem.c: they differ in what words they take. */
extern const struct param map_update_params[], map_lookup_params[], map_getnext_params[],
	map_delete_params[], map_pop_params[];
struct map_elem_args {
	struct ref map;
	struct args words;
};
int map_update(struct ctx *ctx, const void *args);
int map_lookup(struct ctx *ctx, const void *args);
int map_getnext(struct ctx *ctx, const void *args);
int map_delete(struct ctx *ctx, const void *args);
int map_pop(struct ctx *ctx, const void *args);

#endif
