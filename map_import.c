// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map import: entries from JSON lines or an array, as export, dump and bpftool write them. Lines of
 * bytes have a path of their own: jansson takes longer for one than the kernel for writing it.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <time.h>

#include "decode/btf_parse.h"
#include "json_writer.h"
#include "map_bulk.h"
#include "map_file.h"

struct importer {
	struct ctx *ctx;
	struct map_view view;
	int fd, file;			/* file: owned unless it is standard input */
	struct map_file lines;
	struct map_writer *writer;	/* owned; NULL: only look at the lines */
	struct key_set keys;		/* replace: keys of the file */
	bool replace, hex, purged;	/* hex: strings are bytes even where there is BTF */
	bool reverse;			/* a stack: what was exported first goes in last */
	struct buf stack;		/* values and their line numbers */
	uint8_t *key, *value;		/* owned */
	uint64_t n_skipped, n_removed;
	struct map_progress progress;
};

static void importer_close(struct importer *m)
{
	map_view_close(&m->view);
	if (m->file > STDIN_FILENO)
		close(m->file);
	map_file_free(&m->lines);
	map_writer_free(m->writer);
	key_set_free(&m->keys);
	buf_free(&m->stack);
	free(m->key);
	free(m->value);
}

/* --- lines of bytes --- */

static const int8_t digits[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static bool hex_byte(const char *text, uint8_t *ret)
{
	int high = digits[(uint8_t)text[0]], low = digits[(uint8_t)text[1]];

	*ret = (uint8_t)((high - 1) << 4 | (low - 1));
	return high && low;
}

/* Takes exactly word from the text. */
static bool eat(const char **at, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) < len || memcmp(*at, word, len))
		return false;
	*at += len;
	return true;
}

/* "0a0b" or ["0x0a","0x0b"] of exactly len bytes. */
static bool eat_bytes(const char **at, const char *end, bool hex, uint8_t *data, size_t len)
{
	size_t i, step = **at == '"' ? 2 : 7;	/* "0x0a", */

	if ((step == 2 && !hex) || (size_t)(end - *at) < step * len + 2)
		return false;
	if (step == 7 && !(**at == '[' && len))
		return false;
	++*at;
	for (i = 0; i < len; i++, *at += step) {
		const char *digit = step == 2 ? *at : *at + 3;

		if (!hex_byte(digit, &data[i]))
			return false;
		if (step == 7 && (memcmp(*at, "\"0x", 3) || (*at)[5] != '"' || (*at)[6] != (i + 1 < len ? ',' : ']')))
			return false;
	}
	if (step == 2)
		return *(*at)++ == '"';
	return true;
}

static bool take_bytes(struct importer *m, const char *text, size_t len)
{
	const struct map_shape *s = &m->view.shape;
	const char *end = text + len;
	bool hex = m->hex || !map_is_typed(s);

	if (s->per_cpu || !s->info.key_size || !eat(&text, end, "{\"key\":") ||
	    !eat_bytes(&text, end, hex, m->key, s->info.key_size) || !eat(&text, end, ",\"value\":") ||
	    !eat_bytes(&text, end, hex, m->value, s->info.value_size))
		return false;
	return text + 1 == end || eat(&text, end, ",\"formatted\":{");
}

/* --- any other line --- */

static bool is_byte_array(const json_t *j, size_t len)
{
	size_t i;

	if (!json_is_array(j) || json_array_size(j) != len)
		return false;
	for (i = 0; i < len; i++) {
		const char *text = json_string_value(json_array_get(j, i));

		if (!text || !has_prefix(text, "0x") || strlen(text) > 4)
			return false;
	}
	return len > 0;
}

static int parse_hex(struct ctx *ctx, const char *what, const char *text, uint8_t *data, size_t len)
{
	size_t i;

	if (strlen(text) != 2 * len)
		return fail_msg(ctx->err, -EINVAL, "%s: expected %zu bytes in hexadecimal, got '%.64s'", what, len,
				text);
	for (i = 0; i < len; i++)
		if (!hex_byte(text + 2 * i, &data[i]))
			return fail_msg(ctx->err, -EINVAL, "%s: '%.64s' is not hexadecimal", what, text);
	return 0;
}

static int parse_byte_array(struct ctx *ctx, const char *what, const json_t *j, uint8_t *data)
{
	size_t i;
	int err = 0;

	for (i = 0; i < json_array_size(j) && !err; i++)
		err = parse_byte(ctx->err, what, json_string_value(json_array_get(j, i)), 0, &data[i]);
	return err;
}

static int take_data(struct importer *m, const char *what, const json_t *j, uint8_t *data)
{
	bool is_key = streq(what, "key");
	const struct bpf_map_info *info = &m->view.shape.info;
	size_t len = is_key ? info->key_size : info->value_size;
	struct btf_target t = { .what = what, .data = data, .plan = is_key ? m->view.key : m->view.value };
	struct ctx *ctx = m->ctx;

	memset(data, 0, len);
	if (!j)
		return fail_msg(ctx->err, -EINVAL, "there is no \"%s\"", what);
	if (is_byte_array(j, len))
		return parse_byte_array(ctx, what, j, data);
	if (json_is_string(j) && (m->hex || !t.plan))
		return parse_hex(ctx, what, json_string_value(j), data, len);
	if (t.plan)
		return btf_parse_json(ctx->err, &t, j);
	return fail_msg(ctx->err, -EINVAL, "%s: expected %zu bytes: the map has no BTF that tells more", what, len);
}

static int take_cpus(struct importer *m, const json_t *values)
{
	const struct map_shape *s = &m->view.shape;
	size_t i, cpu;
	int err = 0;

	for (i = 0; i < json_array_size(values) && !err; i++) {
		const json_t *one = json_array_get(values, i);
		const json_t *number = json_object_get(one, "cpu");

		cpu = json_is_integer(number) ? (size_t)json_integer_value(number) : SIZE_MAX;
		if (cpu >= s->n_cpus)
			return fail_msg(m->ctx->err, -EINVAL, "values[%zu].cpu: there are %u CPUs", i, s->n_cpus);
		err = take_data(m, "value", json_object_get(one, "value"), m->value + cpu * s->cpu_stride);
	}
	return err;
}

static int take_value(struct importer *m, const json_t *j)
{
	const struct map_shape *s = &m->view.shape;
	const json_t *values = json_object_get(j, "values");
	uint32_t cpu;
	int err;

	memset(m->value, 0, s->value_len);
	if (s->per_cpu && json_is_array(values))
		return take_cpus(m, values);
	err = take_data(m, "value", json_object_get(j, "value"), m->value);
	for (cpu = 1; cpu < s->n_cpus; cpu++)
		memcpy(m->value + cpu * s->cpu_stride, m->value, s->info.value_size);
	return err;
}

static int check_size(struct importer *m, const json_t *j, const char *key, uint32_t size)
{
	const json_t *v = json_object_get(j, key);

	if (!json_is_integer(v) || json_integer_value(v) == size)
		return 0;
	return fail_msg(m->ctx->err, -EINVAL, "the export has %s %lld, map %u has %u", key,
			(long long)json_integer_value(v), m->view.shape.info.id, size);
}

static int take_header(struct importer *m, const json_t *j)
{
	const char *data = json_string_value(json_object_get(j, "data"));
	int err = check_size(m, j, "bytes_key", m->view.shape.info.key_size);

	m->hex = data && streq(data, "hex");
	return err ? err : check_size(m, j, "bytes_value", m->view.shape.info.value_size);
}

/* 1: an entry, 0: something else that belongs there, or a negative errno. */
static int take_object(struct importer *m, const json_t *j)
{
	bool has_error = json_object_get(j, "error") ||
			 (json_object_get(json_object_get(j, "value"), "error") && !m->view.value);
	int err = 0;

	if (json_object_get(j, "bpfctl_map"))
		return take_header(m, j);
	m->n_skipped += has_error;
	if (has_error)
		return 0;
	if (m->view.shape.info.key_size)
		err = take_data(m, "key", json_object_get(j, "key"), m->key);
	if (!err)
		err = take_value(m, j);
	return err ? err : 1;
}

static int take_line(struct importer *m, const char *text, size_t len)
{
	json_t *j;
	int err;

	if (take_bytes(m, text, len))
		return 1;
	j = btf_parse_text(m->ctx->err, "entry", text, len);
	err = j ? take_object(m, j) : -EINVAL;
	json_decref(j);
	return err;
}

/* --- writing --- */

/* The stored error, with the line before it and what has been written behind it. */
static int fail_line(struct importer *m, uint64_t line)
{
	struct err *e = m->ctx->err;
	char text[ERR_TEXT_MAX], hint[ERR_TEXT_MAX];
	int code = e->code;
	bool whole = e->no_errno || e->usage;

	snprintf(text, sizeof(text), "%s", e->text);
	snprintf(hint, sizeof(hint), "%s", e->hint);
	err_clear(e);
	if (whole)
		fail_msg(e, code, "line %llu: %.900s", (unsigned long long)line, text);
	else
		fail(e, code, "line %llu: %.900s", (unsigned long long)line, text);
	if (!m->writer)
		err_hint(e, "nothing was changed");
	else
		err_hint(e, "%.800s%s%llu entries were written before it%s", hint, hint[0] ? "; " : "",
			 (unsigned long long)map_writer_count(m->writer),
			 m->replace && !m->purged ? ", nothing was removed" : "");
	return code;
}

static int purge(struct importer *m)
{
	m->purged = true;
	return map_empty(m->ctx, m->fd, &m->view.shape, &m->keys, &m->n_removed);
}

/* A full map that is being replaced loses its old entries now, not at the end. */
static int after_write(struct importer *m, int err)
{
	if (err == -E2BIG && m->replace && !m->purged) {
		err = purge(m);
		if (err)
			return err;
		err = map_writer_flush(m->writer);
	}
	if (!err)
		return 0;
	fail(m->ctx->err, err, "update map %u", m->view.shape.info.id);
	map_hint_write(m->ctx, m->fd, &m->view.shape, err);
	return fail_line(m, map_writer_bad(m->writer));
}

static int put_entry(struct importer *m)
{
	uint64_t line = m->lines.line;
	int err;

	if (!m->writer) {
		err = m->view.shape.info.key_size ? key_set_add(&m->keys, m->key) : 0;
		return err < 0 ? fail(m->ctx->err, err, "import") : 0;
	}
	if (m->reverse) {
		buf_put(&m->stack, &line, sizeof(line));
		buf_put(&m->stack, m->value, m->view.shape.value_len);
		return m->stack.err ? fail(m->ctx->err, m->stack.err, "import") : 0;
	}
	err = map_writer_add(m->writer, m->key, m->value, line);
	if (err && !(err = after_write(m, err)))
		err = map_writer_add(m->writer, m->key, m->value, line);
	return err;
}

static int put_stack(struct importer *m)
{
	size_t len = sizeof(uint64_t) + m->view.shape.value_len, at = m->stack.len;
	uint64_t line;
	int err = 0;

	for (; at >= len && !err; at -= len) {
		memcpy(&line, m->stack.data + at - len, sizeof(line));
		err = map_writer_add(m->writer, m->key, m->stack.data + at - len + sizeof(line), line);
		if (err)
			err = after_write(m, err);
	}
	return err;
}

static int finish(struct importer *m)
{
	int err = m->reverse ? put_stack(m) : 0;

	if (!err) {
		err = map_writer_flush(m->writer);
		err = err ? after_write(m, err) : 0;
	}
	return err;
}

/* A bad line: the entries before it are written, so that the report is exact. */
static int stop_at_line(struct importer *m)
{
	uint64_t line = m->lines.line;

	if (m->writer && !m->reverse)
		(void)map_writer_flush(m->writer);
	return fail_line(m, line);
}

static int read_lines(struct importer *m)
{
	const char *text;
	size_t len;
	int err;

	while ((err = map_file_next(&m->lines, &text, &len)) > 0) {
		err = take_line(m, text, len);
		if (err < 0)
			return stop_at_line(m);
		if (err)
			err = put_entry(m);
		if (err)
			return err;
		map_progress_add(m->ctx, &m->progress, 1);
	}
	if (!err)
		return 0;
	if (err == -EINVAL)
		fail_msg(m->ctx->err, err, "expected a JSON object");
	else
		fail(m->ctx->err, err, "read");
	return stop_at_line(m);
}

/* replace: all lines are looked at before the first is written. */
static int look_first(struct importer *m)
{
	int err = 0;

	if (lseek(m->file, 0, SEEK_CUR) < 0)
		return fail_msg(m->ctx->err, -ESPIPE, "'replace' reads the file twice: a pipe cannot be");
	err = read_lines(m);
	map_file_free(&m->lines);
	m->lines.fd = m->file;
	m->n_skipped = 0;
	m->progress = (struct map_progress){ .verb = "imported" };
	if (!err && lseek(m->file, 0, SEEK_SET) < 0)
		err = fail(m->ctx->err, -errno, "read");
	if (!err && map_has_no_keys(m->view.shape.info.type))
		err = purge(m);
	return err;
}

static int import_all(struct importer *m)
{
	int err = m->replace ? look_first(m) : 0;

	if (!err && (err = map_writer_new(m->fd, &m->view.shape, &m->writer)))
		fail(m->ctx->err, err, "import");
	if (!err)
		err = read_lines(m);
	if (!err)
		err = finish(m);
	if (!err && m->replace && !m->purged)
		err = purge(m);
	map_progress_end(m->ctx, &m->progress);
	return err;
}

static int importer_open(struct importer *m, const struct ref *map, const char *path, int *fd)
{
	struct ctx *ctx = m->ctx;
	int err = obj_open(ctx, &obj_map, map, 0, fd);

	if (!err)
		err = map_view_open(ctx, *fd, &m->view);
	if (err)
		return err;
	m->fd = *fd;
	m->file = path && !streq(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (m->file < 0)
		return fail(ctx->err, -errno, "read '%s'", path);
	m->lines.fd = m->file;
	m->reverse = m->view.shape.info.type == BPF_MAP_TYPE_STACK;
	m->key = calloc(1, (size_t)m->view.shape.info.key_size + 1);
	m->value = calloc(1, m->view.shape.value_len + 1);
	m->keys.key_size = m->view.shape.info.key_size;
	return m->key && m->value ? 0 : fail(ctx->err, -ENOMEM, "import");
}

int map_import_file(struct ctx *ctx, const struct ref *map, const char *path, bool replace)
{
	auto_close int fd = -1;
	__attribute__((cleanup(importer_close))) struct importer m = {
		.ctx = ctx, .file = -1, .replace = replace, .progress = { .verb = "imported" } };
	struct out *o = ctx->out;
	int err = importer_open(&m, map, path, &fd);

	if (!err)
		err = import_all(&m);
	if (err)
		return err;
	out_rec(o, NULL);
	out_uint(o, "entries_imported", "%llu entries imported", map_writer_count(m.writer));
	if (replace)
		out_uint(o, "entries_removed", "%llu removed", m.n_removed);
	if (m.n_skipped)
		out_uint(o, "entries_skipped", "%llu without a value skipped", m.n_skipped);
	out_rec_end(o);
	return 0;
}

int map_import(struct ctx *ctx, const void *args)
{
	const struct map_import_args *a = args;

	return map_import_file(ctx, &a->map, a->path, a->replace);
}

const struct param map_import_params[] = {
	PARAM_REF(struct map_import_args, map, "", "MAP", ref_words_map, "the map", .flags = PF_REQUIRED,
		  .complete = obj_complete_map),
	PARAM_PATH(struct map_import_args, path, "file", "F", "read a file, not standard input"),
	PARAM_FLAG(struct map_import_args, replace, "replace", "remove all entries that are not in the file"),
	{ }
};
