// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map dump: all entries of one map, or of all maps with a name. */
#include <errno.h>

#include "json_writer.h"
#include "kern/abi.h"
#include "map/dump.h"
#include "map/bulk.h"
#include "view/show.h"

/* Alternatives for maps whose contents cannot be walked. */
static const struct {
	uint32_t type;
	const char *hint;
} unwalkable[] = {
	{ BPF_MAP_TYPE_QUEUE, "a queue has no keys: 'map peek' shows the next value, 'map pop' "
			      "removes it" },
	{ BPF_MAP_TYPE_STACK, "a stack has no keys: 'map peek' shows the top value, 'map pop' "
			      "removes it" },
	{ BPF_MAP_TYPE_BLOOM_FILTER,
	  "a bloom filter cannot list its values, only test one: 'map lookup MAP value BYTES'" },
	{ BPF_MAP_TYPE_RINGBUF,
	  "records of a ring buffer have no keys: the consumer reads them through mmap()" },
	{ BPF_MAP_TYPE_USER_RINGBUF,
	  "records of a user ring buffer have no keys: a program drains them" },
	{ BPF_MAP_TYPE_SK_STORAGE, "its values are attached to sockets: an iterator program "
				   "(bpf_sk_storage_map) can walk them" },
	{ BPF_MAP_TYPE_INODE_STORAGE, "its values are attached to inodes: a program reads them "
				      "with bpf_inode_storage_get()" },
	{ BPF_MAP_TYPE_TASK_STORAGE, "its values are attached to tasks: an iterator program over "
				     "tasks can read them" },
	{ ABI_MAP_TYPE_CGRP_STORAGE, "its values are attached to cgroups: an iterator program over "
				     "cgroups can read them" },
	{ ABI_MAP_TYPE_ARENA, "an arena is memory without keys: processes map it with mmap()" },
};

int map_fail_walk(struct ctx *ctx, const struct map_shape *s, int err)
{
	size_t i;

	if (err == -EAGAIN)
		return fail_msg(ctx->err, err, "map %u changes faster than it can be read",
				s->info.id);
	for (i = 0; i < ARRAY_SIZE(unwalkable); i++) {
		if (unwalkable[i].type == s->info.type) {
			fail(ctx->err, err, "the contents of map %u cannot be listed", s->info.id);
			err_hint(ctx->err, "%s", unwalkable[i].hint);
			return err;
		}
	}
	return fail(ctx->err, err, "read the entries of map %u", s->info.id);
}

static void show_count(struct out *o, const struct map_view *v, uint64_t n)
{
	if (!v->value)
		out_text(o, "Found %llu element%s\n", (unsigned long long)n, plural(n, "", "s"));
}

struct dump {
	struct map_view view;
	struct map_filter filter;
	struct map_reader *reader;
	struct map_chunk chunk;
	struct map_sorted sorted;	/* values of all CPUs are combined in it */
	struct map_left_out left_out;
};

/* Combines the values of all CPUs: the entry is shown as if the map were not per-CPU. */
static void show_folded(struct ctx *ctx, struct dump *d, const uint8_t *key, uint8_t *value)
{
	struct map_shape shape = d->view.shape;

	if (!d->filter.sorts)
		map_filter_fold(&d->filter, &d->view, value);
	d->view.shape.per_cpu = false;
	map_entry_show(ctx, &d->view, key, value, 0);
	d->view.shape = shape;
}

/* In text where entries are not by type: JSON has both. */
static void show_as_bytes(struct ctx *ctx, struct map_view *v)
{
	if (!out_is_json(ctx->out))
		btf_plan_free(take_ptr(v->value));
}

/* All entries of the map fd into the open list; in text as bytes. */
static int show_inner(struct ctx *ctx, int fd)
{
	struct map_view v = {};
	struct map_left_out left_out = {};
	struct map_reader *r = NULL;
	struct map_chunk c;
	size_t i;
	int err = map_view_open(ctx, fd, &v);

	if (!err)
		map_view_partly(ctx, &v);
	if (!err)
		show_as_bytes(ctx, &v);
	if (!err)
		err = map_reader_new(fd, &v.shape, &r);
	while (!err && (err = map_reader_next(r, &c)) > 0) {
		for (i = 0; i < c.n; i++) {
			map_left_out_add(&left_out, c.errs[i]);
			map_entry_show(ctx, &v, c.keys + i * v.shape.info.key_size,
				       c.values + i * v.shape.value_len, c.errs[i]);
		}
		err = 0;
		if (out_failed(ctx->out))
			break;
	}
	map_left_out_report(ctx, &v.shape, &left_out);
	map_reader_free(r);
	map_view_close(&v);
	return err;
}

/*
 * An entry of a map of maps with the entries of its inner map; an inner map that was freed
 * meanwhile has none.
 */
static void show_outer(struct ctx *ctx, struct dump *d, const uint8_t *key, const uint8_t *value)
{
	struct ref inner = { .how = REF_ID, .text = "inner" };
	uint32_t key_size = d->view.shape.info.key_size;
	struct out *o = ctx->out;
	auto_close int fd = -1;
	int err;

	memcpy(&inner.id, value, sizeof(inner.id));
	out_rec(o, NULL);
	out_bytes(o, "key", "key: ", key, key_size);
	out_uint(o, "inner_map_id", "inner_map_id: %llu\n", inner.id);
	out_list(o, "elements", NULL);
	err = obj_open(ctx, &obj_map, &inner, OBJ_RDONLY, &fd);
	if (!err)
		err = show_inner(ctx, fd);
	if (err == -ENOENT)
		err_clear(ctx->err);
	else if (err)
		unread(ctx, err, NULL, "read the entries of map %u", inner.id);
	out_list_end(o);
	out_rec_end(o);
}

static void show_entry(struct ctx *ctx, struct dump *d, const uint8_t *key, uint8_t *value, int err)
{
	if (d->filter.recurses && !err)
		show_outer(ctx, d, key, value);
	else if (d->filter.folds && !err)
		show_folded(ctx, d, key, value);
	else
		map_entry_show(ctx, &d->view, key, value, err);
}

/*
 * Show the entry now, or with the others? Returns 1, 0 if it is left out or kept for later, or a
 * negative errno.
 */
static int take_entry(struct ctx *ctx, struct dump *d, size_t i)
{
	const struct map_shape *s = &d->view.shape;
	const uint8_t *key = d->chunk.keys + i * s->info.key_size;
	uint8_t *value = d->chunk.values + i * s->value_len;
	int err = d->chunk.errs[i];

	map_left_out_add(&d->left_out, err);
	if (d->filter.where && (err || !map_filter_takes(ctx, &d->filter, &d->view, key, value)))
		return 0;
	if (!d->filter.sorts || err) {
		show_entry(ctx, d, key, value, err);
		return 1;
	}
	if (d->filter.folds)
		map_filter_fold(&d->filter, &d->view, value);
	err = map_sorted_add(&d->sorted, &d->view, key, value);
	return err ? fail(ctx->err, err, "sort the entries of map %u", s->info.id) : 0;
}

static uint64_t show_sorted(struct ctx *ctx, struct dump *d)
{
	const uint8_t *key;
	uint8_t *value;
	size_t i;

	map_sorted_sort(&d->sorted, &d->filter);
	for (i = 0; i < d->sorted.n && (!d->filter.limit || i < d->filter.limit); i++) {
		map_sorted_at(&d->sorted, i, &key, &value);
		show_entry(ctx, d, key, value, 0);
		if (out_failed(ctx->out))
			break;
	}
	return i;
}

/* The entries of the current chunk. Returns 1 if that was enough, 0, or a negative errno. */
static int show_chunk(struct ctx *ctx, struct dump *d, uint64_t *shown, uint64_t *n)
{
	for (size_t i = 0; i < d->chunk.n; i++) {
		int took = take_entry(ctx, d, i);

		if (took < 0)
			return took;
		*n += took && !d->chunk.errs[i];
		*shown += (uint64_t)took;
		if (took && *shown == d->filter.limit)
			return 1;
	}
	return out_failed(ctx->out) ? fail(ctx->err, out_failed(ctx->out), "write") : 0;
}

/* The rest of the entries, the first of which are in d->chunk. */
static int show_entries(struct ctx *ctx, struct dump *d, uint64_t *ret_n)
{
	int more = d->chunk.n > 0, err;
	uint64_t n = 0, shown = 0;

	while (more > 0) {
		err = show_chunk(ctx, d, &shown, &n);
		if (err < 0)
			return err;
		more = err ? 0 : map_reader_next(d->reader, &d->chunk);
	}
	if (more < 0)
		return map_fail_walk(ctx, &d->view.shape, more);
	*ret_n = n + (d->filter.sorts ? show_sorted(ctx, d) : 0);
	/* bpftool's are a part of its output only. */
	if (!ctx_is_bpftool(ctx))
		map_left_out_report(ctx, &d->view.shape, &d->left_out);
	return 0;
}

static void dump_close(struct dump *d)
{
	map_reader_free(d->reader);
	map_filter_close(&d->filter);
	map_sorted_free(&d->sorted);
	map_view_close(&d->view);
}

#define auto_dump __attribute__((cleanup(dump_close)))

/* Everything that can fail for a map of the wrong type fails here, before any output. */
static int dump_open(struct ctx *ctx, int fd, const struct map_dump_args *a, struct dump *d)
{
	int err = map_view_open(ctx, fd, &d->view);

	if (!err)
		err = map_filter_open(ctx, a, &d->view, &d->filter);
	if (err)
		return err;
	/* The kernel returns sockets as 64-bit cookies. */
	if (d->view.shape.info.type == BPF_MAP_TYPE_REUSEPORT_SOCKARRAY &&
	    d->view.shape.info.value_size != sizeof(uint64_t))
		notice(ctx, "values of map %u cannot be read: only 8-byte values can",
		       d->view.shape.info.id);
	if (d->view.shape.info.type == ABI_MAP_TYPE_RHASH)
		notice(ctx, "entries of map %u are changed in place: values can be half written",
		       d->view.shape.info.id);
	err = map_reader_new(fd, &d->view.shape, &d->reader);
	if (!err)
		err = map_reader_next(d->reader, &d->chunk);
	if (err < 0)
		return map_fail_walk(ctx, &d->view.shape, err);
	map_view_partly(ctx, &d->view);
	return 0;
}

static int dump_alone(struct ctx *ctx, int fd, const struct map_dump_args *a)
{
	auto_dump struct dump d = {};
	int err = dump_open(ctx, fd, a, &d);
	struct out *o = ctx->out;
	uint64_t n;

	if (err)
		return err;
	if (d.view.value)
		out_tree(o);
	out_list(o, NULL, NULL);
	err = show_entries(ctx, &d, &n);
	if (err)
		return err;
	out_list_end(o);
	if (d.view.value)
		out_tree_end(o);
	show_count(o, &d.view, n);
	return 0;
}

/* One of several maps: in text all have the same form, bytes unless all of them are typed. */
struct several {
	const struct map_dump_args *args;
	bool typed;
	size_t n_shown;
};

static int dump_among(struct ctx *ctx, int fd, struct several *all)
{
	auto_dump struct dump d = {};
	int err = dump_open(ctx, fd, all->args, &d);
	struct out *o = ctx->out;
	uint64_t n;

	if (err) {
		report_and_skip(ctx);
		return 0;
	}
	if (!all->typed)
		show_as_bytes(ctx, &d.view);
	if (!all->typed && all->n_shown++)
		out_text(o, "\n");
	out_rec(o, NULL);
	show_map_head(ctx, &d.view.shape.info);
	out_text(o, "\n");
	out_stream(o, "elements");
	err = show_entries(ctx, &d, &n);
	if (err)
		return err;
	out_stream_end(o);
	show_count(o, &d.view, n);
	out_rec_end(o);
	return 0;
}

static bool all_typed(const int *fds, size_t n)
{
	struct map_shape s;
	size_t i;

	for (i = 0; i < n; i++)
		if (map_shape_read(fds[i], &s) || !map_is_typed(&s))
			return false;
	return true;
}

static int dump_several(struct ctx *ctx, const int *fds, size_t n, const struct map_dump_args *a)
{
	struct several all = { .args = a, .typed = all_typed(fds, n) };
	struct out *o = ctx->out;
	size_t i;
	int err = 0;

	if (all.typed)
		out_tree(o);
	out_list(o, NULL, NULL);
	for (i = 0; i < n && !err; i++)
		err = dump_among(ctx, fds[i], &all);
	if (err)
		return err;
	out_list_end(o);
	if (all.typed)
		out_tree_end(o);
	return 0;
}

static int map_dump(struct ctx *ctx, const void *args)
{
	const struct map_dump_args *a = args;
	int *fds = NULL;
	size_t n = 0;
	int err = obj_find(ctx, &obj_map, &a->map, OBJ_RDONLY, &fds, &n);

	if (err)
		return err;
	if (n == 1 && !ref_is_list(&a->map))
		err = dump_alone(ctx, fds[0], a);
	else
		err = dump_several(ctx, fds, n, a);
	obj_close_all(fds, n);
	return err;
}

const char *const map_percpu_words[] = { "each", "sum", "max", NULL };

static const struct param map_dump_params[] = {
	PARAM_REF(struct map_dump_args, map, "", "MAP", ref_words_map,
		  "the maps", .flags = PF_REQUIRED | PF_REPEAT,
		  .complete = obj_complete_map),
	PARAM_U32(struct map_dump_args, limit, "limit", "N", "stop after N entries"),
	PARAM_WORD(struct map_dump_args, where, "where", "FIELD=VALUE", NULL,
		   "only entries with this value or in a range: FIELD=LOW..HIGH"),
	PARAM_WORD(struct map_dump_args, sort, "sort", "FIELD", NULL,
		   "sort by this member, ascending"),
	PARAM_FLAG(struct map_dump_args, reverse, "reverse", "with sort: descending"),
	PARAM_WORD(struct map_dump_args, forms.as, "as", "FIELD=FORM", NULL,
		   "show members as ip4, ip6, mac, port, time, hex or str; FIELD=FORM,FIELD=FORM"),
	PARAM_FLAG(struct map_dump_args, forms.pretty, "pretty",
		   "format addresses and ports where types allow"),
	PARAM_CHOICE(struct map_dump_args, percpu, "percpu", "HOW", map_percpu_words,
		     "per-CPU values: each, their sum or maximum"),
	PARAM_GIVEN(struct map_dump_args, cpu, "cpu", "N", "per-CPU maps: only this CPU's value"),
	PARAM_FLAG(struct map_dump_args, recurse, "recurse", "also entries of inner maps"),
	{}
};

const struct cmd map_dump_cmd = {
	.name = "dump", .help = "print all entries of a map",
	.params = map_dump_params, .args_size = sizeof(struct map_dump_args),
	.run = map_dump,
};
