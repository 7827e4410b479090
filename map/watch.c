// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map watch: what has changed in a map since the last read. Each read covers the whole map;
 * two of them, sorted by key, are compared.
 */
#include <errno.h>
#include <time.h>

#include "decode/btf/format.h"
#include "json_writer.h"
#include "kern/stop.h"
#include "map/map.h"
#include "map/bulk.h"

struct map_watch_args {
	struct ref map;
	uint32_t interval, samples;	/* 0: one second; no limit */
	bool pretty;
};

struct watch {
	struct ctx *ctx;
	int fd;
	struct map_view view;
	struct map_sorted before, now;
	struct stop stop;
	struct timespec at;		/* of the read */
};

static void watch_close(struct watch *w)
{
	map_sorted_free(&w->before);
	map_sorted_free(&w->now);
	map_view_close(&w->view);
	cleanup_stop(&w->stop);
}

/* One read of the map: entries without a value are treated as missing. */
static int read_all(struct watch *w, struct map_sorted *ret)
{
	const struct map_shape *s = &w->view.shape;
	auto_reader struct map_reader *r = NULL;
	struct map_chunk c;
	int err = map_reader_new(w->fd, s, &r);

	while (!err && (err = map_reader_next(r, &c)) > 0) {
		err = 0;
		for (size_t i = 0; i < c.n && !err; i++)
			if (c.errs[i] && c.errs[i] != -ENOENT)
				err = c.errs[i]; /* else it would be shown as removed */
			else if (!c.errs[i])
				err = map_sorted_add(ret, &w->view, c.keys + i * s->info.key_size,
						     c.values + i * s->value_len);
	}
	if (!err)
		map_sorted_by_key(ret, s->info.key_size);
	clock_gettime(CLOCK_REALTIME, &w->at);
	return err ? map_fail_walk(w->ctx, s, err) : 0;
}

/* --- one change --- */

enum change { CHANGE_NEW, CHANGE_VALUE, CHANGE_GONE };

static const char *const change_words[] = { "new", "changed", "gone" };

/* As in a dump of bytes, on one line. */
static void text_bytes(struct buf *b, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char text[4];

		snprintf(text, sizeof(text), i ? " %02x" : "%02x", data[i]);
		buf_puts(b, text);
	}
}

/* The value of every CPU, in text. */
static void text_value(const struct map_view *v, struct buf *b, const uint8_t *value)
{
	const struct map_shape *s = &v->shape;

	for (uint32_t cpu = 0; cpu < s->n_cpus; cpu++) {
		if (cpu)
			buf_puts(b, " | ");
		if (v->value)
			btf_plan_compose(b, v->value, value + cpu * s->cpu_stride);
		else
			text_bytes(b, value + cpu * s->cpu_stride, s->info.value_size);
	}
}

static void text_change(struct watch *w, enum change change, const uint8_t *key,
			const uint8_t *value, const uint8_t *was)
{
	struct map_view *v = &w->view;
	struct buf *b = &v->scratch;
	char clock[32] = "";
	struct tm tm;

	b->len = 0;
	if (localtime_r(&w->at.tv_sec, &tm))
		strftime(clock, sizeof(clock), "%T", &tm);
	if (v->key)
		btf_plan_compose(b, v->key, key);
	else
		text_bytes(b, key, v->shape.info.key_size);
	buf_puts(b, "  ");
	if (change == CHANGE_VALUE) {
		text_value(v, b, was);
		buf_puts(b, " -> ");
	}
	text_value(v, b, value);
	buf_putc(b, '\n');
	out_text(w->ctx->out, "%s.%03ld  %-7s  ", clock, w->at.tv_nsec / 1000000,
		 change_words[change]);
	if (!b->err)
		out_text_verbatim(w->ctx->out, b->data, b->len);
}

static void json_value(struct out *o, const struct map_view *v, const char *key,
		       const uint8_t *value, bool typed)
{
	const struct map_shape *s = &v->shape;

	if (s->per_cpu)
		out_list(o, key, "");
	for (uint32_t cpu = 0; cpu < s->n_cpus; cpu++) {
		const char *name = s->per_cpu ? NULL : key;

		if (typed)
			btf_plan_print(o, name, v->value, value + cpu * s->cpu_stride);
		else
			out_json_bytes(o, name, value + cpu * s->cpu_stride, s->info.value_size);
	}
	if (s->per_cpu)
		out_list_end(o);
}

static void json_change(struct watch *w, enum change change, const uint8_t *key,
			const uint8_t *value, const uint8_t *was)
{
	struct map_view *v = &w->view;
	const char *name = v->shape.per_cpu ? "values" : "value";
	struct out *o = w->ctx->out;
	char time[48];

	snprintf(time, sizeof(time), "%lld.%03ld", (long long)w->at.tv_sec,
		 w->at.tv_nsec / 1000000);
	out_json_raw(o, "time", time);
	out_json_str(o, "change", change_words[change]);
	out_json_bytes(o, "key", key, v->shape.info.key_size);
	json_value(o, v, name, value, false);
	if (was)
		json_value(o, v, "was", was, false);
	if (!v->value)
		return;
	out_rec(o, "formatted");
	if (v->key)
		btf_plan_print(o, "key", v->key, key);
	json_value(o, v, name, value, true);
	if (was)
		json_value(o, v, "was", was, true);
	out_rec_end(o);
}

static void show_change(struct watch *w, enum change change, const uint8_t *key,
			const uint8_t *value, const uint8_t *was)
{
	struct out *o = w->ctx->out;

	out_rec(o, NULL);
	if (out_is_json(o))
		json_change(w, change, key, value, was);
	else
		text_change(w, change, key, value, was);
	out_rec_end(o);
}

/* --- two reads --- */

static void compare_looks(struct watch *w)
{
	const struct map_shape *s = &w->view.shape;
	size_t i = 0, k = 0;

	while (i < w->before.n || k < w->now.n) {
		const uint8_t *key = NULL, *old_key = NULL;
		uint8_t *value = NULL, *old_value = NULL;
		int order;

		if (i < w->before.n)
			map_sorted_at(&w->before, i, &old_key, &old_value);
		if (k < w->now.n)
			map_sorted_at(&w->now, k, &key, &value);
		order = !key ? -1 : !old_key ? 1 : memcmp(old_key, key, s->info.key_size);
		if (order < 0)
			show_change(w, CHANGE_GONE, old_key, old_value, NULL);
		else if (order > 0)
			show_change(w, CHANGE_NEW, key, value, NULL);
		else if (memcmp(old_value, value, s->value_len) != 0)
			show_change(w, CHANGE_VALUE, key, value, old_value);
		i += order <= 0;
		k += order >= 0;
	}
}

static int look_again(struct watch *w)
{
	int err = read_all(w, &w->now);

	if (err)
		return err;
	compare_looks(w);
	map_sorted_free(&w->before);
	w->before = w->now;
	w->now = (struct map_sorted){};
	err = out_flush(w->ctx->out);
	return err ? fail(w->ctx->err, err, "write") : 0;
}

static int watch(struct watch *w, const struct map_watch_args *a)
{
	uint32_t seconds = a->interval ? a->interval : 1;
	int err = read_all(w, &w->before);

	if (err)
		return err;
	out_list(w->ctx->out, NULL, NULL);
	for (uint32_t i = 0; (!a->samples || i < a->samples) && !err; i++) {
		int why = stop_wait(&w->stop, NULL, 0, (int)seconds * 1000);

		if (why < 0)
			return fail(w->ctx->err, why, "wait");
		if (why != STOP_TIME)
			break;
		err = look_again(w);
	}
	if (!err)
		out_list_end(w->ctx->out);
	return err;
}

static int map_watch(struct ctx *ctx, const void *args)
{
	const struct map_watch_args *a = args;
	struct watch w = { .ctx = ctx, .stop = { .fd = -1, .out_fd = -1 } };
	auto_close int fd = -1;
	int err;

	if (a->interval > 86400)
		return fail_usage(ctx->err, "'interval' exceeds a day");
	err = obj_open(ctx, &obj_map, &a->map, OBJ_RDONLY, &fd);
	if (err)
		return err;
	w.fd = fd;
	err = map_view_open(ctx, fd, &w.view);
	if (!err && a->pretty && w.view.value)
		err = btf_plan_pretty(w.view.value);
	if (!err && a->pretty && w.view.key)
		err = btf_plan_pretty(w.view.key);
	if (!err)
		err = stop_open(ctx, &w.stop);
	if (!err)
		map_view_partly(ctx, &w.view);
	if (!err)
		err = watch(&w, a);
	watch_close(&w);
	return err;
}

static const struct param map_watch_params[] = {
	PARAM_REF(struct map_watch_args, map, "", "MAP", ref_words_map, "the map",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_U32(struct map_watch_args, interval, "interval", "SECONDS",
		  "seconds between samples (default: 1)"),
	PARAM_U32(struct map_watch_args, samples, "samples", "N", "exit after N samples"),
	PARAM_FLAG(struct map_watch_args, pretty, "pretty",
		   "format addresses and ports where types allow"),
	{}
};

const struct cmd map_watch_cmd = {
	.name = "watch", .help = "report changes of a map's entries",
	.params = map_watch_params, .args_size = sizeof(struct map_watch_args),
	.run = map_watch,
};
