// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map export: a line of JSON that describes the map, then a line per entry: by BTF if that
 * loses nothing, else bytes (hexadecimal in a string; an array of bytes if the map has BTF). The
 * last line contains the number of entries, and the first line announces it ("closed"): a file
 * truncated between two lines is detected.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>

#include "cli/file.h"
#include "decode/btf/parse.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/stop.h"
#include "map/bulk.h"

struct map_export_args {
	struct ref map;
	const char *path;
	bool drain;
};

#define CHUNK (256 * 1024)

struct exporter {
	struct ctx *ctx;
	struct map_view view;
	int fd;				/* the map */
	struct new_file file;		/* owned; fd -1: standard output */
	struct buf b;
	uint8_t *scratch;		/* owned: a key or a value */
	struct map_progress progress;
	uint64_t n, n_errors;
};

static void exporter_close(struct exporter *x)
{
	map_view_close(&x->view);
	file_abandon(&x->file);
	free(x->scratch);
	buf_free(&x->b);
}

#define auto_exporter __attribute__((cleanup(exporter_close)))

static bool to_file(const struct exporter *x)
{
	return x->file.fd >= 0;
}

static int write_file(struct exporter *x)
{
	int err = file_put(x->ctx->err, &x->file, &x->b, NULL);

	x->b.len = 0;
	return err;
}

/* A value that is already composed. In the pretty layout it stays on one line. */
static void put_json(struct out *o, const char *text, size_t len)
{
	if (out_is_compact(o)) {
		out_json_verbatim(o, text, len);
	} else {
		auto_free char *token = strndup(text, len);

		out_json_raw(o, NULL, token ?: "null");
	}
}

/* The composed data is one line. */
static int put_line(struct exporter *x)
{
	struct out *o = x->ctx->out;

	if (x->b.err)
		return fail(x->ctx->err, x->b.err, "export");
	if (!to_file(x) && out_is_json(o)) {
		put_json(o, x->b.data, x->b.len);
		x->b.len = 0;
		return out_failed(o) ? fail(x->ctx->err, out_failed(o), "write") : 0;
	}
	buf_putc(&x->b, '\n');
	if (x->b.len < CHUNK)
		return 0;
	if (to_file(x))
		return write_file(x);
	out_text_raw(o, x->b.data, x->b.len);
	x->b.len = 0;
	return out_failed(o) ? fail(x->ctx->err, out_failed(o), "write") : 0;
}

static int put_rest(struct exporter *x)
{
	struct out *o = x->ctx->out;

	if (to_file(x))
		return write_file(x);
	if (x->b.len)
		out_text_raw(o, x->b.data, x->b.len);
	x->b.len = 0;
	return out_flush(o) ? fail(x->ctx->err, out_failed(o), "write to stdout") : 0;
}

static void put_field(struct buf *b, const char *name, uint64_t v)
{
	buf_puts(b, ",\"");
	buf_puts(b, name);
	buf_puts(b, "\":");
	buf_uint(b, v);
}

static int put_header(struct exporter *x)
{
	const struct bpf_map_info *info = &x->view.shape.info;
	const char *type = name_of(x->ctx, NAMES_MAP_TYPE, info->type);

	buf_puts(&x->b, "{\"bpfctl_map\":1,\"type\":");
	if (type)
		buf_json_str(&x->b, type, strlen(type));
	else
		buf_uint(&x->b, info->type);
	buf_puts(&x->b, ",\"name\":");
	buf_json_str(&x->b, info->name, strnlen(info->name, sizeof(info->name)));
	put_field(&x->b, "flags", info->map_flags);
	put_field(&x->b, "bytes_key", info->key_size);
	put_field(&x->b, "bytes_value", info->value_size);
	put_field(&x->b, "max_entries", info->max_entries);
	buf_puts(&x->b, x->view.value ? ",\"data\":\"typed\"" : ",\"data\":\"hex\"");
	buf_puts(&x->b, ",\"closed\":true}");
	return put_line(x);
}

/* The line that confirms that nothing is missing. It also ends sorted exports. */
static int put_closing(struct exporter *x)
{
	buf_puts(&x->b, "{\"written\":");
	buf_uint(&x->b, x->n + x->n_errors);
	buf_putc(&x->b, '}');
	return put_line(x);
}

static void put_hex(struct buf *b, const uint8_t *data, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	if (!buf_room(b, 2 * len + 2))
		return;
	b->data[b->len++] = '"';
	for (i = 0; i < len; i++) {
		b->data[b->len++] = hex[data[i] >> 4];
		b->data[b->len++] = hex[data[i] & 15];
	}
	b->data[b->len++] = '"';
}

static void put_data(struct exporter *x, const struct btf_plan *p, const uint8_t *data, size_t len)
{
	if (p && btf_plan_is_exact(p, data, x->scratch, len)) {
		btf_plan_compose(&x->b, p, data);
	} else if (x->view.value) {
		buf_putc(&x->b, '[');
		buf_hex_bytes(&x->b, data, len);
		buf_putc(&x->b, ']');
	} else {
		put_hex(&x->b, data, len);
	}
}

static void put_cpus(struct exporter *x, const uint8_t *value)
{
	const struct map_shape *s = &x->view.shape;
	uint32_t cpu;

	buf_puts(&x->b, "\"values\":[");
	for (cpu = 0; cpu < s->n_cpus; cpu++) {
		buf_puts(&x->b, cpu ? ",{\"cpu\":" : "{\"cpu\":");
		buf_uint(&x->b, cpu);
		buf_puts(&x->b, ",\"value\":");
		put_data(x, x->view.value, value + cpu * s->cpu_stride, s->info.value_size);
		buf_putc(&x->b, '}');
	}
	buf_puts(&x->b, "]}");
}

static void compose_entry(struct exporter *x, const uint8_t *key, const uint8_t *value, int err)
{
	const struct map_shape *s = &x->view.shape;
	char why[128];

	buf_putc(&x->b, '{');
	if (s->info.key_size) {
		buf_puts(&x->b, "\"key\":");
		put_data(x, x->view.key, key, s->info.key_size);
		buf_putc(&x->b, ',');
	}
	if (err) {
		buf_puts(&x->b, "\"error\":");
		errno_text(err, why, sizeof(why));
		buf_json_str(&x->b, why, strlen(why));
		buf_putc(&x->b, '}');
	} else if (s->per_cpu) {
		put_cpus(x, value);
	} else {
		buf_puts(&x->b, "\"value\":");
		put_data(x, x->view.value, value, s->info.value_size);
		buf_putc(&x->b, '}');
	}
}

static int put_entry(struct exporter *x, const uint8_t *key, const uint8_t *value, int err)
{
	compose_entry(x, key, value, err);
	x->n += !err;
	x->n_errors += !!err;
	return put_line(x);
}

static int export_keys(struct exporter *x)
{
	const struct map_shape *s = &x->view.shape;
	auto_reader struct map_reader *r = NULL;
	struct map_chunk c;
	size_t i;
	int err = map_reader_new(x->fd, s, &r);

	if (err)
		return fail(x->ctx->err, err, "read map");
	while ((err = map_reader_next(r, &c)) > 0) {
		for (i = 0; i < c.n; i++) {
			if (c.errs[i] == -ENOENT)
				continue;
			err = put_entry(x, c.keys + i * s->info.key_size,
					c.values + i * s->value_len, c.errs[i]);
			if (err)
				return err;
		}
		map_progress_add(x->ctx, &x->progress, c.n);
	}
	return err ? map_fail_walk(x->ctx, s, err) : 0;
}

/*
 * Draining goes in small steps: between its removal and the write of its line, a value exists only
 * in memory, and goes back into the map if the write fails. Disk space is allocated before, and the
 * end is checked between two steps.
 */
#define STEP 4096			/* bytes: a pipe writes them atomically */
#define STEP_VALUES 64
#define CLOSING 40			/* maximum length of the closing line */

struct drain {
	struct exporter *x;
	struct stop stop;
	uint8_t *values; /* owned: those of this step, in order of removal */
	size_t ends[STEP_VALUES];	/* of their lines, in x->b */
	size_t n;
	uint64_t room;			/* bytes allocated for the file */
	uint64_t written;		/* bytes of the file */
	uint64_t n_back, n_lost;
};

static void drain_close(struct drain *d)
{
	cleanup_stop(&d->stop);
	free(d->values);
}

#define auto_drain __attribute__((cleanup(drain_close)))

/* Only a lack of space is an error: many file systems do not support the call. */
static int make_room(struct drain *d)
{
	const struct new_file *f = &d->x->file;
	int err = 0;

	if (!f->target || d->written + 2 * STEP <= d->room)
		return 0;
	for (off_t more = CHUNK; more >= 2 * STEP; more /= 2) {
		err = fallocate(f->fd, FALLOC_FL_KEEP_SIZE, (off_t)d->room, more) ? -errno : 0;
		if (!err)
			d->room += (uint64_t)more;
		if (err != -ENOSPC && err != -EDQUOT)
			break;
	}
	if (err == -ENOSPC || err == -EDQUOT)
		return fail(d->x->ctx->err, err, "write '%s'", f->path);
	if (err)
		d->room = UINT64_MAX / 2;
	return 0;
}

/*
 * Composes the values of a step. Returns 1: there may be more; 0: the map is empty; or an error,
 * stored.
 */
static int take_step(struct drain *d)
{
	struct exporter *x = d->x;
	size_t value_len = x->view.shape.value_len, longest = 0, before = x->b.len;
	int err = 0;

	for (d->n = 0; d->n < STEP_VALUES && x->b.len + longest <= STEP; d->n++) {
		uint8_t *value = d->values + d->n * value_len;

		err = bpf_map_lookup_and_delete_elem(x->fd, NULL, value);
		if (err)
			break;
		compose_entry(x, NULL, value, 0);
		buf_putc(&x->b, '\n');
		d->ends[d->n] = x->b.len;
		longest = x->b.len - before > longest ? x->b.len - before : longest;
		before = x->b.len;
	}
	if (err && err != -ENOENT)
		return fail(x->ctx->err, err, "pop from map %u", x->view.shape.info.id);
	return !err;
}

/* *ret_done: bytes that were certainly written. */
static int write_stdout(struct drain *d, size_t *ret_done)
{
	struct exporter *x = d->x;
	struct out *o = x->ctx->out;
	size_t at = 0;
	int err;

	if (!out_is_json(o)) {
		out_text_raw(o, x->b.data, x->b.len);
	} else {
		for (size_t i = 0; i < d->n; i++) {
			put_json(o, x->b.data + at, d->ends[i] - at - 1);
			at = d->ends[i];
		}
	}
	err = out_flush(o);
	*ret_done = err ? 0 : x->b.len;
	return err ? fail(x->ctx->err, err, "write to stdout") : 0;
}

/* The order of a stack is as before; a queue accepts values only at its end. */
static void put_back(struct drain *d, size_t first)
{
	struct exporter *x = d->x;
	bool is_stack = x->view.shape.info.type == BPF_MAP_TYPE_STACK;

	for (size_t i = first; i < d->n; i++) {
		size_t at = is_stack ? d->n - 1 - (i - first) : i;

		if (bpf_map_update_elem(x->fd, NULL, d->values + at * x->view.shape.value_len,
					BPF_ANY))
			d->n_lost++;
		else
			d->n_back++;
	}
}

static int write_step(struct drain *d)
{
	struct exporter *x = d->x;
	size_t done = 0, n = 0, spare;
	int err = x->b.err ? fail(x->ctx->err, x->b.err, "export") : 0;

	if (!err)
		err = to_file(x) ? file_put(x->ctx->err, &x->file, &x->b, &done)
				 : write_stdout(d, &done);
	/*
	 * A value is put back if there would be no space for the closing line. What a pipe has
	 * accepted cannot be taken back.
	 */
	spare = err && x->file.target ? CLOSING : 0;
	while (n < d->n && d->ends[n] + spare <= done)
		n++;
	x->n += n;
	if (err)
		put_back(d, n);
	/* Leaves no incomplete line. */
	done = n ? d->ends[n - 1] : err ? 0 : done;
	d->written += done;
	if (x->file.target && ftruncate(x->file.fd, (off_t)d->written) && !err)
		err = fail(x->ctx->err, -errno, "write '%s'", x->file.path);
	d->room = d->room < d->written ? d->written : d->room;
	x->b.len = 0;
	return err;
}

/*
 * Does not wait: there may be no reader any more. Returns whether the closing line follows the
 * written lines.
 */
static bool close_early(struct drain *d)
{
	struct exporter *x = d->x;
	struct pollfd p = { .fd = to_file(x) ? x->file.fd : STDOUT_FILENO, .events = POLLOUT };

	if (poll(&p, 1, 0) != 1 || p.revents != POLLOUT || out_failed(x->ctx->out))
		return false;
	if (x->file.target && lseek(x->file.fd, (off_t)d->written, SEEK_SET) < 0)
		return false;
	if (!put_closing(x) && !put_rest(x))
		return true;
	/* Leaves no incomplete line. */
	if (x->file.target && ftruncate(x->file.fd, (off_t)d->written))
		fail(x->ctx->err, -errno, "write '%s'", x->file.path);
	return false;
}

/* What happened to the values of a drain that ended early. */
static void hint_values(struct drain *d)
{
	const struct exporter *x = d->x;
	struct err *e = x->ctx->err;
	bool is_queue = x->view.shape.info.type == BPF_MAP_TYPE_QUEUE;

	err_hint_more(e, "%llu %s removed from map %u and %s in %s%s%s", (unsigned long long)x->n,
		      plural(x->n, "value was", "values were"), x->view.shape.info.id,
		      plural(x->n, "is", "are"), to_file(x) ? "'" : "",
		      to_file(x) ? x->file.path : "what was written", to_file(x) ? "'" : "");
	if (d->n_back)
		err_hint_more(e, "%llu %s put back%s", (unsigned long long)d->n_back,
			      plural(d->n_back, "was", "were"),
			      is_queue ? ", at the end of the queue" : "");
	if (d->n_lost)
		err_hint_more(e, "%llu %s lost: the map refused %s", (unsigned long long)d->n_lost,
			      plural(d->n_lost, "is", "are"), plural(d->n_lost, "it", "them"));
}

/* Until a step can be written without waiting; only here signals are accepted. */
static int wait_ready(struct drain *d)
{
	const struct exporter *x = d->x;
	struct pollfd p[] = {
		{ .fd = d->stop.fd, .events = POLLIN },
		{ .fd = to_file(x) ? x->file.fd : STDOUT_FILENO, .events = POLLOUT },
	};

	while (poll(p, ARRAY_SIZE(p), -1) < 0)
		if (errno != EINTR)
			return fail(x->ctx->err, -errno, "drain map %u", x->view.shape.info.id);
	if (p[0].revents)
		return fail(x->ctx->err, -EINTR, "drain map %u", x->view.shape.info.id);
	if (p[1].revents & POLLERR)
		return fail(x->ctx->err, -EPIPE, "drain map %u", x->view.shape.info.id);
	return 0;
}

static int drain_steps(struct drain *d)
{
	struct exporter *x = d->x;
	int more = 1, err = 0;

	while (!err && more > 0) {
		err = wait_ready(d) ?: make_room(d);
		if (err)
			return err;
		more = take_step(d);
		err = write_step(d);
		map_progress_add(x->ctx, &x->progress, d->n);
	}
	return err ?: more;
}

static int drain_open(struct drain *d)
{
	struct exporter *x = d->x;
	int err = stop_open(x->ctx, &d->stop);

	if (err)
		return err;
	d->values = calloc(STEP_VALUES, x->view.shape.value_len + 1);
	return d->values ? 0 : fail(x->ctx->err, -ENOMEM, "export");
}

/* The header is already composed, and is written first. */
static int export_queue(struct exporter *x)
{
	auto_drain struct drain d = { .x = x, .stop.fd = -1 };
	int err = drain_open(&d);

	if (!err)
		err = drain_steps(&d);
	if (!err)
		return 0;
	hint_values(&d);
	if (x->n || d.n_back || d.n_lost)
		x->ctx->err->after_change = true;
	if (d.written && x->n && !close_early(&d))
		err_hint_more(x->ctx->err, "the closing line is missing there");
	return err;
}

static int export_lines(struct exporter *x, bool has_no_keys)
{
	int err = put_header(x);

	if (!err)
		err = has_no_keys ? export_queue(x) : export_keys(x);
	map_progress_end(x->ctx, &x->progress);
	if (!err)
		err = put_closing(x);
	if (!err && x->n_errors)
		unread(x->ctx, -EIO, NULL, "export %llu %s", (unsigned long long)x->n_errors,
		       plural(x->n_errors, "entry", "entries"));
	return err ?: put_rest(x);
}

/* Drained values exist nowhere else: their file is finished even after a failure. */
static int finish_file(struct exporter *x, const char *path)
{
	if (x->file.target && fsync(x->file.fd))
		fail(x->ctx->err, -errno, "write '%s'", path);
	(void)file_finish(x->ctx->err, &x->file);
	return x->ctx->err->code;
}

static int export_to_file(struct exporter *x, const char *path, bool has_no_keys)
{
	struct out *o = x->ctx->out;
	int err =
		file_begin(x->ctx->err, path, has_no_keys ? FILE_KEEP : FILE_MODE_USUAL, &x->file);

	if (!err)
		err = export_lines(x, has_no_keys);
	if (!err || (has_no_keys && x->n))
		err = finish_file(x, path);
	if (err)
		return err;
	ctx_changed(x->ctx, "%llu %s exported to '%s'", (unsigned long long)x->n,
		    plural(x->n, "entry was", "entries were"), path);
	out_rec(o, NULL);
	out_count(o, "entries_exported", "%llu entry exported", "%llu entries exported", x->n);
	out_rec_end(o);
	return 0;
}

static int export_to_stdout(struct exporter *x, bool has_no_keys)
{
	int err;

	out_json_list(x->ctx->out, NULL);
	err = export_lines(x, has_no_keys);
	if (err)
		return err;
	if (has_no_keys)
		ctx_changed(x->ctx, "%llu %s removed from map %u", (unsigned long long)x->n,
			    plural(x->n, "value was", "values were"), x->view.shape.info.id);
	out_json_list_end(x->ctx->out);
	return 0;
}

static int check_drain(struct ctx *ctx, const struct map_shape *s, bool drain)
{
	bool has_no_keys = map_has_no_keys(s->info.type);

	if (has_no_keys == drain)
		return 0;
	if (drain)
		return fail_usage(ctx->err, "'drain' is for queues and stacks, map %u is neither",
				  s->info.id);
	fail_msg(ctx->err, -EINVAL, "reading map %u removes its values", s->info.id);
	err_hint(ctx->err, "use 'map export MAP drain'; 'map import' restores them in order");
	return -EINVAL;
}

static int map_export(struct ctx *ctx, const void *args)
{
	const struct map_export_args *a = args;
	auto_close int fd = -1;
	auto_exporter struct exporter x = {
		.ctx = ctx, .file.fd = -1, .progress = { .verb = "exported" } };
	int err = obj_open(ctx, &obj_map, &a->map, a->drain ? 0 : OBJ_RDONLY, &fd);
	const struct bpf_map_info *info = &x.view.shape.info;

	if (!err)
		err = map_view_open(ctx, fd, &x.view);
	if (!err)
		err = check_drain(ctx, &x.view.shape, a->drain);
	if (err)
		return err;
	x.fd = fd;
	x.scratch = malloc((size_t)info->key_size + info->value_size + 1);
	if (!x.scratch)
		return fail(ctx->err, -ENOMEM, "export");
	map_view_partly(ctx, &x.view);
	return a->path ? export_to_file(&x, a->path, a->drain) : export_to_stdout(&x, a->drain);
}

static const struct param map_export_params[] = {
	PARAM_REF(struct map_export_args, map, "", "MAP", ref_words_map, "the map",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_PATH(struct map_export_args, path, "file", "F", "write to a file instead of stdout"),
	PARAM_FLAG(struct map_export_args, drain, "drain", "remove the values of a queue or stack"),
	{}
};

const struct cmd map_export_cmd = {
	.name = "export", .help = "export all entries as JSON lines",
	.params = map_export_params, .args_size = sizeof(struct map_export_args),
	.run = map_export,
};
