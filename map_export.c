// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map export: a line of JSON that describes the map, then a line for each entry: by BTF where
 * that loses nothing, else bytes (hexadecimal in a string; an array of bytes where the map has BTF).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "decode/btf_parse.h"
#include "json_writer.h"
#include "kern/names.h"
#include "map_bulk.h"

#define CHUNK (256 * 1024)

struct exporter {
	struct ctx *ctx;
	struct map_view view;
	int fd;				/* the map */
	int file;			/* owned; -1: standard output */
	char *temp;			/* owned: the file's name until it is whole */
	struct buf b;
	uint8_t *scratch;		/* owned: a key or a value */
	struct map_progress progress;
	uint64_t n, n_errors;
};

static void exporter_close(struct exporter *x)
{
	map_view_close(&x->view);
	cleanup_close(&x->file);
	if (x->temp)
		unlink(x->temp);
	free(x->temp);
	free(x->scratch);
	buf_free(&x->b);
}

static int write_file(struct exporter *x)
{
	size_t done = 0;

	while (done < x->b.len) {
		ssize_t n = write(x->file, x->b.data + done, x->b.len - done);

		if (n < 0 && errno != EINTR)
			return fail(x->ctx->err, -errno, "write the export");
		done += n > 0 ? (size_t)n : 0;
	}
	x->b.len = 0;
	return 0;
}

/* What was composed is one line. */
static int put_line(struct exporter *x)
{
	struct out *o = x->ctx->out;

	if (x->b.err)
		return fail(x->ctx->err, x->b.err, "export");
	if (x->file < 0 && out_is_json(o)) {
		buf_putc(&x->b, '\0');
		if (out_is_compact(o))
			out_json_verbatim(o, x->b.data, x->b.len - 1);
		else
			out_json_raw(o, NULL, x->b.data);
		x->b.len = 0;
		return out_failed(o) ? fail(x->ctx->err, out_failed(o), "write") : 0;
	}
	buf_putc(&x->b, '\n');
	if (x->b.len < CHUNK)
		return 0;
	if (x->file >= 0)
		return write_file(x);
	out_text_raw(o, x->b.data, x->b.len);
	x->b.len = 0;
	return out_failed(o) ? fail(x->ctx->err, out_failed(o), "write") : 0;
}

static int put_rest(struct exporter *x)
{
	if (x->file >= 0)
		return write_file(x);
	if (x->b.len)
		out_text_raw(x->ctx->out, x->b.data, x->b.len);
	x->b.len = 0;
	return 0;
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
	buf_puts(&x->b, x->view.value ? ",\"data\":\"typed\"}" : ",\"data\":\"hex\"}");
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

static int put_entry(struct exporter *x, const uint8_t *key, const uint8_t *value, int err)
{
	const struct map_shape *s = &x->view.shape;
	char why[128];

	buf_putc(&x->b, '{');
	if (s->info.key_size) {
		buf_puts(&x->b, "\"key\":");
		put_data(x, x->view.key, key, s->info.key_size);
		buf_putc(&x->b, ',');
	}
	x->n += !err;
	x->n_errors += !!err;
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
			err = put_entry(x, c.keys + i * s->info.key_size, c.values + i * s->value_len, c.errs[i]);
			if (err)
				return err;
		}
		map_progress_add(x->ctx, &x->progress, c.n);
	}
	return err ? map_fail_walk(x->ctx, s, err) : 0;
}

/* Each value is in the file's buffer before the next one is taken. */
static int export_queue(struct exporter *x)
{
	auto_free uint8_t *value = calloc(1, x->view.shape.value_len + 1);
	int err = value ? 0 : fail(x->ctx->err, -ENOMEM, "export");

	while (!err) {
		err = bpf_map_lookup_and_delete_elem(x->fd, NULL, value);
		if (err == -ENOENT)
			return 0;
		if (err)
			return fail(x->ctx->err, err, "pop from map %u", x->view.shape.info.id);
		err = put_entry(x, NULL, value, 0);
	}
	return err;
}

/* A file appears under its name when it is whole; pipes and devices are written as they are. */
static int open_file(struct exporter *x, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		x->file = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		if (asprintf(&x->temp, "%s.XXXXXX", path) < 0) {
			x->temp = NULL;
			return fail(x->ctx->err, -ENOMEM, "export");
		}
		x->file = mkostemp(x->temp, O_CLOEXEC);
	}
	return x->file < 0 ? fail(x->ctx->err, -errno, "write '%s'", path) : 0;
}

static int close_file(struct exporter *x, const char *path)
{
	if (x->temp && (fsync(x->file) || rename(x->temp, path)))
		return fail(x->ctx->err, -errno, "write '%s'", path);
	free(take_ptr(x->temp));
	return 0;
}

static int export_lines(struct exporter *x, bool has_no_keys)
{
	int err = put_header(x);

	if (!err)
		err = has_no_keys ? export_queue(x) : export_keys(x);
	map_progress_end(x->ctx, &x->progress);
	if (x->n_errors)
		unread(x->ctx, -EIO, NULL, "export %llu entries", (unsigned long long)x->n_errors);
	/* Drained values are nowhere else: they are written even when something failed. */
	if (!err || has_no_keys)
		return put_rest(x) || err ? x->ctx->err->code : 0;
	return err;
}

static int export_to_file(struct exporter *x, const char *path, bool has_no_keys)
{
	struct out *o = x->ctx->out;
	int err = open_file(x, path);

	if (!err)
		err = export_lines(x, has_no_keys);
	if (!err || has_no_keys)
		err = close_file(x, path) ? x->ctx->err->code : err;
	if (err)
		return err;
	out_rec(o, NULL);
	out_uint(o, "entries_exported", "%llu entries exported", x->n);
	out_rec_end(o);
	return 0;
}

static int export_to_stdout(struct exporter *x, bool has_no_keys)
{
	int err;

	if (out_is_json(x->ctx->out))
		out_list(x->ctx->out, NULL, NULL);
	err = export_lines(x, has_no_keys);
	if (!err && out_is_json(x->ctx->out))
		out_list_end(x->ctx->out);
	return err;
}

static int check_drain(struct ctx *ctx, const struct map_shape *s, bool drain)
{
	bool has_no_keys = map_has_no_keys(s->info.type);

	if (has_no_keys == drain)
		return 0;
	if (drain)
		return fail_usage(ctx->err, "'drain' is for queues and stacks: map %u is none", s->info.id);
	fail_msg(ctx->err, -EINVAL, "values of map %u can only be read by taking them", s->info.id);
	err_hint(ctx->err, "'map export MAP drain' does that; 'map import' puts them back in their order");
	return -EINVAL;
}

int map_export(struct ctx *ctx, const void *args)
{
	const struct map_export_args *a = args;
	auto_close int fd = -1;
	__attribute__((cleanup(exporter_close))) struct exporter x = {
		.ctx = ctx, .file = -1, .progress = { .verb = "exported" } };
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
	return a->path ? export_to_file(&x, a->path, a->drain) : export_to_stdout(&x, a->drain);
}

const struct param map_export_params[] = {
	PARAM_REF(struct map_export_args, map, "", "MAP", ref_words_map, "the map", .flags = PF_REQUIRED,
		  .complete = obj_complete_map),
	PARAM_PATH(struct map_export_args, path, "file", "F", "write to a file, not to standard output"),
	PARAM_FLAG(struct map_export_args, drain, "drain", "take the values out of a queue or stack"),
	{ }
};
