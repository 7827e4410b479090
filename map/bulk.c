// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map copy and clear, and what they share with export and import. */
#include <errno.h>
#include <time.h>

#include "json_writer.h"
#include "kern/abi.h"
#include "map/bulk.h"

struct map_copy_args {
	struct ref from, to;
};

struct map_clear_args {
	struct ref map;
	bool yes;
};

#define PROGRESS_EACH_MS 200

void map_progress_add(struct ctx *ctx, struct map_progress *p, uint64_t n)
{
	struct timespec now;
	char text[64];

	p->n += n;
	if (!ctx->progress || p->n - p->said < 4096)
		return;
	p->said = p->n;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if ((now.tv_sec - p->last.tv_sec) * 1000 + (now.tv_nsec - p->last.tv_nsec) / 1000000 <
	    PROGRESS_EACH_MS)
		return;
	p->last = now;
	snprintf(text, sizeof(text), "%llu entries %s", (unsigned long long)p->n, p->verb);
	ctx->progress(ctx, text);
}

void map_progress_end(struct ctx *ctx, struct map_progress *p)
{
	if (ctx->progress && p->said)
		ctx->progress(ctx, NULL);
}

void map_hint_write(struct ctx *ctx, int fd, const struct map_shape *s, int err)
{
	uint64_t frozen = 0;

	switch (s->info.type) {
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_XSKMAP:
	case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
		err_hint(ctx->err,
			 "values of this type are file descriptors of the writing process");
		break;
	default:
		break;
	}
	if (err == -E2BIG && map_keeps_entries(s->info.type))
		err_hint(ctx->err, "the keys of this array are 0 to %u", s->info.max_entries - 1);
	else if (err == -E2BIG)
		err_hint(ctx->err, "the map has room for %u %s", s->info.max_entries,
			 plural(s->info.max_entries, "entry", "entries"));
	if (err == -EPERM && !obj_fdinfo(fd, "frozen", &frozen) && frozen)
		err_hint(ctx->err, "the map is frozen: only programs can write to it");
	if (err == -EPERM && (s->info.map_flags & BPF_F_RDONLY))
		err_hint(ctx->err, "the map was created read-only (flag rdonly)");
	err_hint_denied(ctx->err, obj_caps);
}

/* --- clear --- */

struct emptier {
	int fd;
	const struct map_shape *shape;
	struct key_set *keep;
	uint8_t *zeros;
	uint64_t n;
};

static bool is_kept(const struct emptier *e, const uint8_t *key)
{
	return e->keep && key_set_has(e->keep, key);
}

static int zero_entries(struct emptier *e, const struct map_chunk *c)
{
	size_t i, key_size = e->shape->info.key_size;
	int err = 0;

	for (i = 0; i < c->n && !err; i++) {
		if (is_kept(e, c->keys + i * key_size))
			continue;
		err = bpf_map_update_elem(e->fd, c->keys + i * key_size, e->zeros, BPF_ANY);
		e->n += !err;
	}
	return err;
}

/* Every number is a key of these, whether the slot is used or not. */
static bool has_slots(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_SOCKMAP || type == BPF_MAP_TYPE_DEVMAP ||
	       type == BPF_MAP_TYPE_CPUMAP || type == BPF_MAP_TYPE_XSKMAP;
}

/*
 * A sockmap returns EINVAL for a slot without a socket. An xskmap does not report whether there was
 * one.
 */
static int empty_slots(struct emptier *e, const struct map_chunk *c)
{
	size_t i, key_size = e->shape->info.key_size;
	int err = 0;

	for (i = 0; i < c->n && !err; i++) {
		if (c->errs[i] == -ENOENT || is_kept(e, c->keys + i * key_size))
			continue;
		err = bpf_map_delete_elem(e->fd, c->keys + i * key_size);
		e->n += !err;
		if (err == -EINVAL || err == -ENOENT)
			err = 0;
	}
	return err;
}

static int remove_entries(struct emptier *e, const struct map_chunk *c)
{
	size_t i, key_size = e->shape->info.key_size;
	int err = 0;

	if (has_slots(e->shape->info.type))
		return empty_slots(e, c);
	if (!e->keep) {
		err = map_delete_keys(e->fd, e->shape, c->keys, c->n);
		e->n += err ? 0 : c->n;
		return err;
	}
	for (i = 0; i < c->n && !err; i++) {
		if (is_kept(e, c->keys + i * key_size))
			continue;
		err = map_delete_keys(e->fd, e->shape, c->keys + i * key_size, 1);
		e->n += !err;
	}
	return err;
}

static int pop_all(struct ctx *ctx, struct emptier *e)
{
	int err = 0;

	while (!(err = bpf_map_lookup_and_delete_elem(e->fd, NULL, e->zeros)))
		e->n++;
	return err == -ENOENT ? 0 : fail(ctx->err, err, "pop from map %u", e->shape->info.id);
}

/* Returns 0, or a negative errno with the error stored. */
static int empty_once(struct ctx *ctx, struct emptier *e)
{
	auto_reader struct map_reader *r = NULL;
	struct map_chunk c;
	int err = map_reader_new(e->fd, e->shape, &r);

	if (err)
		return fail(ctx->err, err, "read map");
	while ((err = map_reader_next(r, &c)) > 0) {
		err = map_keeps_entries(e->shape->info.type) ? zero_entries(e, &c)
							     : remove_entries(e, &c);
		if (!err)
			continue;
		fail(ctx->err, err, "delete from map %u", e->shape->info.id);
		map_hint_write(ctx, e->fd, e->shape, err);
		return err;
	}
	return err ? map_fail_walk(ctx, e->shape, err) : 0;
}

int map_empty(struct ctx *ctx, int fd, const struct map_shape *s, struct key_set *keep,
	      uint64_t *ret_n)
{
	auto_free uint8_t *zeros = calloc(1, s->value_len + 1);
	struct emptier e = { .fd = fd, .shape = s, .keep = keep, .zeros = zeros };
	int err;

	if (!zeros)
		return fail(ctx->err, -ENOMEM, "empty map");
	err = map_has_no_keys(s->info.type) ? pop_all(ctx, &e) : empty_once(ctx, &e);
	*ret_n = e.n;
	return err;
}

static void show_entries(struct ctx *ctx, const char *key, const char *fmt, uint64_t n)
{
	out_rec(ctx->out, NULL);
	out_uint_fmt(ctx->out, key, fmt, n);
	out_rec_end(ctx->out);
}

static void show_cleared(struct ctx *ctx, const struct map_shape *s, uint64_t n)
{
	struct out *o = ctx->out;

	if (s->info.type == BPF_MAP_TYPE_XSKMAP) {
		out_rec(o, NULL);
		out_json_null(o, "entries_cleared");
		out_count(o, "slots_cleared", "%llu slot emptied, in use or not",
			  "%llu slots emptied, in use or not", n);
		out_rec_end(o);
		return;
	}
	show_entries(ctx, "entries_cleared",
		     map_keeps_entries(s->info.type)
			     ? plural(n, "%llu entry set to zero", "%llu entries set to zero")
			     : plural(n, "%llu entry removed", "%llu entries removed"),
		     n);
}

static int map_clear(struct ctx *ctx, const void *args)
{
	const struct map_clear_args *a = args;
	auto_close int fd = -1;
	struct map_shape s;
	uint64_t n = 0;
	int err;

	if (!a->yes) {
		fail_usage(ctx->err, "missing 'yes': this removes all entries of the map");
		err_hint(ctx->err, "'%s map export' saves them first", ctx->progname);
		return -EINVAL;
	}
	err = obj_open(ctx, &obj_map, &a->map, 0, &fd);
	if (err)
		return err;
	err = map_shape_read(fd, &s);
	if (err)
		return fail(ctx->err, err, "read map");
	err = map_empty(ctx, fd, &s, NULL, &n);
	if (n)
		ctx_changed(ctx, "%llu %s of map %u %s %s", (unsigned long long)n,
			    plural(n, "entry", "entries"), s.info.id, plural(n, "was", "were"),
			    map_keeps_entries(s.info.type) ? "set to zero" : "removed");
	if (!err)
		show_cleared(ctx, &s, n);
	else if (n)
		err_hint(ctx->err, "%llu %s %s before", (unsigned long long)n,
			 plural(n, "entry was", "entries were"),
			 map_keeps_entries(s.info.type) ? "set to zero" : "removed");
	return err;
}

/* --- copy --- */

static int check_alike(struct ctx *ctx, const struct map_shape *a, const struct map_shape *b)
{
	if (a->info.id == b->info.id)
		return fail_msg(ctx->err, -EINVAL, "map %u cannot be copied to itself", a->info.id);
	if (a->info.key_size != b->info.key_size || a->info.value_size != b->info.value_size)
		return fail_msg(ctx->err, -EINVAL,
				"map %u has keys of %u and values of %u bytes, map %u of %u and %u",
				a->info.id, a->info.key_size, a->info.value_size, b->info.id,
				b->info.key_size, b->info.value_size);
	if (a->value_len != b->value_len)
		return fail_msg(ctx->err, -EINVAL, "only one of map %u and map %u is per-CPU",
				a->info.id, b->info.id);
	if (map_has_no_keys(a->info.type) || map_has_no_keys(b->info.type)) {
		fail_msg(ctx->err, -EINVAL, "reading a queue or stack removes its values");
		err_hint(ctx->err, "'map export MAP drain file F' and 'map import' move them");
		return -EINVAL;
	}
	return 0;
}

static int fail_copy(struct ctx *ctx, int fd, const struct map_shape *s, int err)
{
	fail(ctx->err, err, "update map %u", s->info.id);
	map_hint_write(ctx, fd, s, err);
	return err;
}

void map_left_out_add(struct map_left_out *l, int err)
{
	if (!err || err == -ENOENT)
		return;
	l->n++;
	l->err = err;
}

void map_hint_read(struct ctx *ctx, int err)
{
	err_hint_denied(ctx->err, obj_caps);
	if (err == -ENOSPC)
		err_hint(ctx->err, "the kernel returns sockets as cookies, in values of 8 bytes "
				   "only");
	else if (err == -ABI_ENOTSUPP || err == -EOPNOTSUPP)
		err_hint(ctx->err, "values of this type can be written, not read");
}

void map_left_out_report(struct ctx *ctx, const struct map_shape *s, const struct map_left_out *l)
{
	if (!l->n)
		return;
	fail(ctx->err, l->err, "read %llu %s of map %u", (unsigned long long)l->n,
	     plural(l->n, "entry", "entries"), s->info.id);
	map_hint_read(ctx, l->err);
	report_and_skip(ctx);
}

static int copy_entries(struct ctx *ctx, const int fds[2], const struct map_shape shapes[2],
			uint64_t *ret_n)
{
	struct map_progress progress = { .verb = "copied" };
	struct map_left_out left_out = {};
	auto_reader struct map_reader *r = NULL;
	auto_writer struct map_writer *w = NULL;
	struct map_chunk c;
	size_t i;
	int err = map_reader_new(fds[0], &shapes[0], &r), werr = 0;

	if (!err)
		err = map_writer_new(fds[1], &shapes[1], &w);
	if (err)
		return fail(ctx->err, err, "copy map");
	while (!werr && (err = map_reader_next(r, &c)) > 0) {
		for (i = 0; i < c.n && !werr; i++) {
			map_left_out_add(&left_out, c.errs[i]);
			if (!c.errs[i])
				werr = map_writer_add(w, c.keys + i * shapes[0].info.key_size,
						      c.values + i * shapes[0].value_len, 0);
		}
		map_progress_add(ctx, &progress, c.n);
	}
	if (!werr)
		werr = map_writer_flush(w);
	map_progress_end(ctx, &progress);
	*ret_n = map_writer_count(w);
	if (werr)
		return fail_copy(ctx, fds[1], &shapes[1], werr);
	if (err < 0)
		return map_fail_walk(ctx, &shapes[0], err);
	map_left_out_report(ctx, &shapes[0], &left_out);
	return 0;
}

static int map_copy(struct ctx *ctx, const void *args)
{
	const struct map_copy_args *a = args;
	auto_close int from = -1;
	auto_close int to = -1;
	struct map_shape shapes[2];
	uint64_t n = 0;
	int err = obj_open(ctx, &obj_map, &a->from, OBJ_RDONLY, &from);

	if (!err)
		err = obj_open(ctx, &obj_map, &a->to, 0, &to);
	if (err)
		return err;
	err = map_shape_read(from, &shapes[0]);
	if (!err)
		err = map_shape_read(to, &shapes[1]);
	if (err)
		return fail(ctx->err, err, "read map");
	err = check_alike(ctx, &shapes[0], &shapes[1]);
	if (!err)
		err = copy_entries(ctx, (const int[]){ from, to }, shapes, &n);
	if (n)
		ctx_changed(ctx, "%llu %s copied to map %u", (unsigned long long)n,
			    plural(n, "entry was", "entries were"), shapes[1].info.id);
	if (!err)
		show_entries(ctx, "entries_copied",
			     plural(n, "%llu entry copied", "%llu entries copied"), n);
	return err;
}

static const struct param map_clear_params[] = {
	PARAM_REF(struct map_clear_args, map, "", "MAP", ref_words_map, "the map",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_FLAG(struct map_clear_args, yes, "yes", "do it"),
	{}
};

static const struct param map_copy_params[] = {
	PARAM_REF(struct map_copy_args, from, "", "FROM", ref_words_map, "the map to read",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_REF(struct map_copy_args, to, "", "TO", ref_words_map, "the map to write",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	{ }
};

const struct cmd map_copy_cmd = {
	.name = "copy", .help = "copy the entries of a map to another",
	.params = map_copy_params, .args_size = sizeof(struct map_copy_args),
	.run = map_copy,
};

const struct cmd map_clear_cmd = {
	.name = "clear", .help = "remove all entries",
	.params = map_clear_params, .args_size = sizeof(struct map_clear_args),
	.run = map_clear,
};
