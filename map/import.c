// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map import: entries from JSON lines or an array, as written by export, dump and bpftool.
 * Entries that consist of bytes have a separate parser (map/entry_bytes.h), without a token per
 * byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "decode/btf/parse.h"
#include "decode/json_tokens.h"
#include "json_writer.h"
#include "kern/map/count.h"
#include "kern/map/cpu.h"
#include "map/bulk.h"
#include "map/entry_bytes.h"
#include "map/file.h"

struct importer {
	struct ctx *ctx;
	struct map_view view;
	int fd, file;			/* file: owned unless it is standard input */
	struct map_file lines;
	struct map_writer *writer;	/* owned; NULL: only check the lines */
	struct key_set keys;		/* replace: keys of the file */
	struct json_tokens tokens;	/* of an entry */
	off_t start;			/* replace: start position in the file */
	bool replace, yes, hex, purged;	/* hex: strings are bytes even with BTF */
	bool reverse;			/* a stack: the first exported value is written last */
	struct buf stack;		/* values and their line numbers */
	uint8_t *key, *value;		/* owned */
	bool *given;			/* owned: the CPUs that the entry has values for */
	bool partial, rewrote;		/* partial: not for all of them */
	uint64_t n, n_skipped, n_removed;	/* n: entries read */
	uint64_t n_partial;		/* written per CPU, not by m->writer */
	uint64_t n_before;		/* entries before the export being read */
	bool promised;			/* it ends with a line with its number of entries */
	struct map_progress progress;
};

static void importer_close(struct importer *m)
{
	map_view_close(&m->view);
	if (m->file > STDIN_FILENO)
		close(m->file);
	map_file_free(&m->lines);
	json_tokens_free(&m->tokens);
	map_writer_free(m->writer);
	key_set_free(&m->keys);
	buf_free(&m->stack);
	free(m->key);
	free(m->value);
	free(m->given);
}

#define auto_importer __attribute__((cleanup(importer_close)))

/* An entry that consists only of bytes. False: it needs the general parser. */
static bool take_bytes(struct importer *m, const char *text, size_t len)
{
	const struct map_shape *s = &m->view.shape;
	const struct entry_bytes e = {
		.key = m->key,
		.key_size = s->info.key_size,
		.value = m->value,
		.value_size = s->info.value_size,
		.hex = m->hex || !map_is_typed(s),
	};

	return !s->per_cpu && s->info.key_size && entry_bytes_read(&e, text, len);
}

/* --- the general parser --- */

static bool is_byte_array(const struct json_token *j, size_t len)
{
	const struct json_token *at = json_first(j);
	size_t i;

	if (j->kind != TOKEN_ARRAY || j->n != len)
		return false;
	for (i = 0; i < len; i++, at = json_behind(at))
		if (at->kind != TOKEN_STRING || at->len < 3 || at->len > 4 ||
		    memcmp(at->text, "0x", 2) != 0)
			return false;
	return len > 0;
}

static int parse_hex(struct ctx *ctx, const char *what, const struct json_token *j, uint8_t *data,
		     size_t len)
{
	int shown = j->len < 64 ? (int)j->len : 64;
	size_t i;

	if (j->len != 2 * len)
		return fail_msg(ctx->err, -EINVAL,
				"%s: expected %zu byte%s in hexadecimal, got '%.*s'", what, len,
				plural(len, "", "s"), shown, j->text);
	for (i = 0; i < len; i++)
		if (!hex_byte(j->text + 2 * i, &data[i]))
			return fail_msg(ctx->err, -EINVAL, "%s: '%.*s' is not hexadecimal", what,
					shown, j->text);
	return 0;
}

static int parse_byte_array(struct ctx *ctx, const char *what, const struct json_token *j,
			    uint8_t *data)
{
	const struct json_token *at = json_first(j);

	for (uint32_t i = 0; i < j->n; i++, at = json_behind(at)) {
		const char low[] = { '0', at->text[2] };

		if (!hex_byte(at->len == 4 ? at->text + 2 : low, &data[i]))
			return fail_msg(ctx->err, -EINVAL, "%s: '%.*s' is not a hexadecimal byte",
					what, (int)at->len, at->text);
	}
	return 0;
}

static int take_data(struct importer *m, const char *what, const struct json_token *j,
		     uint8_t *data)
{
	bool is_key = streq(what, "key");
	const struct bpf_map_info *info = &m->view.shape.info;
	size_t len = is_key ? info->key_size : info->value_size;
	struct btf_target t = { .what = what,
				.data = data,
				.plan = is_key ? m->view.key : m->view.value };
	struct ctx *ctx = m->ctx;

	memset(data, 0, len);
	if (!j)
		return fail_msg(ctx->err, -EINVAL, "missing \"%s\"", what);
	if (is_byte_array(j, len))
		return parse_byte_array(ctx, what, j, data);
	if (j->kind == TOKEN_STRING && (m->hex || !t.plan))
		return parse_hex(ctx, what, j, data, len);
	if (t.plan)
		return btf_parse_token(ctx->err, &t, j);
	return fail_msg(ctx->err, -EINVAL,
			"%s: expected %zu byte%s, as \"0a0b...\" or [\"0x0a\",\"0x0b\"...]: the "
			"map has no BTF",
			what, len, plural(len, "", "s"));
}

static int take_cpus(struct importer *m, const struct json_token *values)
{
	const struct map_shape *s = &m->view.shape;
	const struct json_token *one = json_first(values);
	int64_t cpu;
	int err = 0;

	for (uint32_t i = 0; i < values->n && !err; i++, one = json_behind(one)) {
		if (!json_int(json_member(one, "cpu"), &cpu))
			return fail_msg(m->ctx->err, -EINVAL,
					"values[%u].cpu: expected the number of a CPU", i);
		if (cpu < 0 || cpu >= s->n_cpus)
			return fail_msg(m->ctx->err, -EINVAL, "values[%u].cpu: only %u CPUs exist",
					i, s->n_cpus);
		if (m->given[cpu])
			return fail_msg(m->ctx->err, -EINVAL, "values[%u].cpu: CPU %u is given "
							      "twice", i, (unsigned int)cpu);
		m->given[cpu] = true;
		err = take_data(m, "value", json_member(one, "value"),
				m->value + (size_t)cpu * s->cpu_stride);
	}
	m->partial = values->n < s->n_cpus;
	if (!values->n)
		return fail_msg(m->ctx->err, -EINVAL, "values: the list is empty");
	return err;
}

static int take_value(struct importer *m, const struct json_token *j)
{
	const struct map_shape *s = &m->view.shape;
	const struct json_token *values = json_member(j, "values");
	uint32_t cpu;
	int err;

	memset(m->value, 0, s->value_len);
	memset(m->given, 0, s->n_cpus * sizeof(*m->given));
	m->partial = false;
	if (s->per_cpu && values && values->kind == TOKEN_ARRAY)
		return take_cpus(m, values);
	err = take_data(m, "value", json_member(j, "value"), m->value);
	for (cpu = 1; cpu < s->n_cpus; cpu++)
		memcpy(m->value + cpu * s->cpu_stride, m->value, s->info.value_size);
	return err;
}

static int check_size(struct importer *m, const struct json_token *j, const char *key,
		      uint32_t size)
{
	int64_t v;

	if (!json_int(json_member(j, key), &v) || v == size)
		return 0;
	return fail_msg(m->ctx->err, -EINVAL, "the export has %s %lld, map %u has %u", key,
			(long long)v, m->view.shape.info.id, size);
}

static uint64_t n_read(const struct importer *m)
{
	return m->n + m->n_skipped;
}

static void hint_cut(struct importer *m)
{
	err_hint(m->ctx->err,
		 "to import the file without this check, remove the line with \"closed\" "
		 "and the line with \"written\"");
}

/* Where an export must be complete: at the end of the file, or where another one starts. */
static int check_closed(struct importer *m)
{
	uint64_t n = n_read(m) - m->n_before;

	if (!m->promised)
		return 0;
	fail_msg(m->ctx->err, -EINVAL, "the export is truncated: %llu %s without the closing line",
		 (unsigned long long)n, plural(n, "entry", "entries"));
	hint_cut(m);
	return -EINVAL;
}

static int take_closing(struct importer *m, int64_t n)
{
	uint64_t n_here = n_read(m) - m->n_before;

	m->promised = false;
	m->n_before = n_read(m);
	if (n >= 0 && (uint64_t)n == n_here)
		return 0;
	fail_msg(m->ctx->err, -EINVAL,
		 "%lld %s exported, but %llu %s this line: "
		 "the file was truncated or changed",
		 (long long)n, plural((uint64_t)n, "entry was", "entries were"),
		 (unsigned long long)n_here, plural(n_here, "precedes", "precede"));
	hint_cut(m);
	return -EINVAL;
}

static int take_header(struct importer *m, const struct json_token *j)
{
	const struct json_token *closed = json_member(j, "closed");
	int err = check_closed(m) ?: check_size(m, j, "bytes_key", m->view.shape.info.key_size);

	m->promised = closed && closed->kind == TOKEN_TRUE;
	m->n_before = n_read(m);
	m->hex = json_is(json_member(j, "data"), "hex");
	return err ? err : check_size(m, j, "bytes_value", m->view.shape.info.value_size);
}

/*
 * An entry whose value could not be read when it was written: the map's entry with this key is not
 * changed.
 */
static int take_unread(struct importer *m, const struct json_token *j)
{
	const struct json_token *key = json_member(j, "key"), *why = json_member(j, "error");
	int err = 0;

	if (!key && why && why->kind == TOKEN_STRING)
		return fail_msg(m->ctx->err, -EINVAL, "the export ended with an error: %.*s",
				why->len < 512 ? (int)why->len : 512, why->text);
	if (m->view.shape.info.key_size)
		err = take_data(m, "key", key, m->key);
	if (!err && m->replace && !m->writer && m->view.shape.info.key_size)
		err = key_set_add(&m->keys, m->key) < 0 ? fail(m->ctx->err, -ENOMEM, "import") : 0;
	m->n_skipped++;
	return err;
}

/* 1: an entry, 0: another valid element, or a negative errno. */
static int take_object(struct importer *m, const struct json_token *j)
{
	bool has_error = json_member(j, "error") ||
			 (!m->view.value && json_member(json_member(j, "value"), "error"));
	int64_t n;
	int err = 0;

	if (json_member(j, "bpfctl_map"))
		return take_header(m, j);
	if (j->n == 1 && json_int(json_member(j, "written"), &n))
		return take_closing(m, n);
	if (has_error)
		return take_unread(m, j);
	if (m->view.shape.info.key_size)
		err = take_data(m, "key", json_member(j, "key"), m->key);
	if (!err)
		err = take_value(m, j);
	return err ? err : 1;
}

static int take_line(struct importer *m, const char *text, size_t len)
{
	int err;

	if (take_bytes(m, text, len))
		return 1;
	err = json_tokens_read(m->ctx->err, "entry", text, len, &m->tokens);
	return err ? err : take_object(m, m->tokens.all);
}

/* --- writing --- */

static uint64_t n_written(const struct importer *m)
{
	return map_writer_count(m->writer) + m->n_partial;
}

/* The stored error, prefixed with the line and followed by what has been written. */
static int fail_line(struct importer *m, uint64_t line)
{
	struct err *e = m->ctx->err;
	char text[ERR_TEXT_MAX], hint[ERR_TEXT_MAX], removed[64] = "";
	uint64_t n = m->writer ? n_written(m) : 0;
	int code = e->code;
	bool whole = e->no_errno || e->usage;

	if (m->purged)
		snprintf(removed, sizeof(removed), ", %llu that %s there %s removed",
			 (unsigned long long)m->n_removed, plural(m->n_removed, "was", "were"),
			 plural(m->n_removed, "is", "are"));
	else if (m->replace)
		snprintf(removed, sizeof(removed), ", nothing was removed");
	snprintf(text, sizeof(text), "%s", e->text);
	snprintf(hint, sizeof(hint), "%s", e->hint);
	err_clear(e);
	if (whole)
		fail_msg(e, code, "line %llu: %.900s", (unsigned long long)line, text);
	else
		fail(e, code, "line %llu: %.900s", (unsigned long long)line, text);
	if (!m->writer || (!n && !m->purged))
		err_hint(e, "%.800s%snothing was changed", hint, hint[0] ? "; " : "");
	else
		err_hint(e, "%.800s%s%llu %s written before it%s", hint, hint[0] ? "; " : "",
			 (unsigned long long)n, plural(n, "entry was", "entries were"), removed);
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

/*
 * Values of some CPUs: the others keep theirs. Flush first, as a pending entry may have the same
 * key.
 */
static int put_partial(struct importer *m)
{
	const struct map_cpus c = {
		.key = m->key, .values = m->value, .given = m->given, .flags = BPF_ANY
	};
	const struct map_shape *s = &m->view.shape;
	int err = map_writer_flush(m->writer);

	if (err && (err = after_write(m, err)))
		return err;
	err = map_cpus_update(m->fd, s, &c, &m->rewrote);
	if (err == -E2BIG && m->replace && !m->purged && !(err = purge(m)))
		err = map_cpus_update(m->fd, s, &c, &m->rewrote);
	m->n_partial += !err;
	if (!err)
		return 0;
	if (!m->ctx->err->code)
		fail(m->ctx->err, err, "update map %u", s->info.id);
	map_hint_write(m->ctx, m->fd, s, err);
	return fail_line(m, m->lines.line);
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
	if (m->partial)
		return put_partial(m);
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
		err = map_writer_add(m->writer, m->key, m->stack.data + at - len + sizeof(line),
				     line);
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

/* An invalid line: the entries before it are written, so that the report is exact. */
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

	m->promised = m->hex = false;
	m->n_before = n_read(m);
	while ((err = map_file_next(&m->lines, &text, &len)) > 0) {
		err = take_line(m, text, len);
		if (err < 0)
			return stop_at_line(m);
		m->n += (uint64_t)err;
		if (err)
			err = put_entry(m);
		if (err)
			return err;
		map_progress_add(m->ctx, &m->progress, 1);
	}
	if (!err)
		return check_closed(m) ? stop_at_line(m) : 0;
	if (err == -EINVAL)
		fail_msg(m->ctx->err, err, "%s", m->lines.why);
	else
		fail(m->ctx->err, err, "read");
	return stop_at_line(m);
}

/* Removing every entry needs a confirmation, as in 'map clear'. */
static int check_empty(struct importer *m)
{
	if (m->n || m->n_skipped || m->yes)
		return 0;
	fail_msg(m->ctx->err, -ENODATA, "the file contains no entries: 'replace' would remove all "
					"existing ones");
	err_hint(m->ctx->err, "add 'yes' after 'replace' to do that; nothing was changed");
	return -ENODATA;
}

/*
 * Entries that do not fit into the map are detected before the first old entry is removed: old
 * entries are not given up for an incomplete replacement.
 */
static int check_room(struct importer *m)
{
	const struct bpf_map_info *info = &m->view.shape.info;
	uint64_t n = info->key_size ? m->keys.n : m->n;

	if (n <= info->max_entries ||
	    !info->max_entries) /* 0: storage of sockets, tasks... has no such limit */
		return 0;
	fail_msg(m->ctx->err, -E2BIG, "the file contains %llu %s, map %u has room for %u",
		 (unsigned long long)n, plural(n, "entry", "entries"), info->id, info->max_entries);
	err_hint(m->ctx->err, "nothing was changed");
	return -E2BIG;
}

/* replace: the whole file is checked before the first entry is written. */
static int look_first(struct importer *m)
{
	int err = 0;

	m->start = lseek(m->file, 0, SEEK_CUR);
	if (m->start < 0)
		return fail_msg(m->ctx->err, -ESPIPE, "'replace' reads the file twice and cannot "
						      "read a pipe");
	err = read_lines(m);
	if (!err)
		err = check_empty(m) ?: check_room(m);
	map_file_free(&m->lines);
	m->lines.fd = m->file;
	m->progress = (struct map_progress){ .verb = "imported" };
	if (!err && lseek(m->file, m->start, SEEK_SET) < 0)
		err = fail(m->ctx->err, -errno, "read");
	if (!err && map_has_no_keys(m->view.shape.info.type))
		err = purge(m);
	return err;
}

/* Other entries are only removed if the written file is the one that was checked. */
static int check_same(struct importer *m, uint64_t n, uint64_t n_skipped)
{
	if (m->n == n && m->n_skipped == n_skipped)
		return 0;
	fail_msg(m->ctx->err, -EAGAIN, "the file changed while it was read");
	err_hint(m->ctx->err, "%llu %s written%s", (unsigned long long)n_written(m),
		 plural(n_written(m), "entry was", "entries were"),
		 m->purged ? "" : ", nothing was removed");
	return -EAGAIN;
}

static int import_all(struct importer *m)
{
	int err = m->replace ? look_first(m) : 0;
	uint64_t n = m->n, n_skipped = m->n_skipped;

	m->n = m->n_skipped = 0;
	if (!err && (err = map_writer_new(m->fd, &m->view.shape, &m->writer)))
		fail(m->ctx->err, err, "import");
	if (!err)
		err = read_lines(m);
	if (!err)
		err = finish(m);
	if (!err && m->replace)
		err = check_same(m, n, n_skipped);
	if (!err && m->replace && !m->purged)
		err = purge(m);
	map_progress_end(m->ctx, &m->progress);
	return err;
}

/*
 * Without types the map accepts bytes, and nothing is lost: entries that need the types are
 * rejected.
 */
static int read_map(struct ctx *ctx, int fd, struct map_view *ret)
{
	int err = map_shape_read(fd, &ret->shape);
	char why[128];

	if (err)
		return fail(ctx->err, err, "read map");
	err = map_is_typed(&ret->shape) ? map_view_load(ctx, ret) : 0;
	if (err)
		notice(ctx, "map %u accepts bytes only, its BTF is unusable: %s",
		       ret->shape.info.id, errno_text(err, why, sizeof(why)));
	return 0;
}

/* An error of the file itself is reported with its name, not with a line number. */
static int open_lines(struct ctx *ctx, const char *path, int *ret_fd)
{
	bool is_stdin = !path || streq(path, "-");
	struct stat st;
	int err = 0;

	*ret_fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0 || fstat(*ret_fd, &st))
		err = -errno;
	else if (S_ISDIR(st.st_mode))
		err = -EISDIR;
	return err ? fail(ctx->err, err, "read '%s'", is_stdin ? "stdin" : path) : 0;
}

static int importer_open(struct importer *m, const struct ref *map, const char *path, int *fd)
{
	struct ctx *ctx = m->ctx;
	int err = obj_open(ctx, &obj_map, map, 0, fd);

	if (!err)
		err = read_map(ctx, *fd, &m->view);
	if (!err)
		err = open_lines(ctx, path, &m->file);
	if (err)
		return err;
	m->fd = *fd;
	m->lines.fd = m->file;
	m->reverse = m->view.shape.info.type == BPF_MAP_TYPE_STACK;
	m->key = calloc(1, (size_t)m->view.shape.info.key_size + 1);
	m->value = calloc(1, m->view.shape.value_len + 1);
	m->given = calloc(m->view.shape.n_cpus + 1, sizeof(*m->given));
	m->tokens.wanted = entry_names;
	m->keys.key_size = m->view.shape.info.key_size;
	return m->key && m->value && m->given ? 0 : fail(ctx->err, -ENOMEM, "import");
}

/* Such a map evicts entries itself, often before it is full: written entries may be gone. */
static void show_evicted(struct importer *m)
{
	const struct map_shape *s = &m->view.shape;
	bool evicts = s->info.type == BPF_MAP_TYPE_LRU_HASH ||
		      s->info.type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
	const char *why = NULL;
	uint64_t n = 0;

	if (evicts && !map_count(m->fd, s, &n, &why) && n < n_written(m))
		out_uint(m->ctx->out, "entries_held", "the map, an LRU that evicts, holds %llu now",
			 n);
}

int map_import_file(struct ctx *ctx, const struct map_import_args *a)
{
	auto_close int fd = -1;
	auto_importer struct importer m = { .ctx = ctx,
					    .file = -1,
					    .replace = a->replace,
					    .yes = a->yes,
					    .progress = { .verb = "imported" } };
	struct out *o = ctx->out;
	int err = importer_open(&m, &a->map, a->path, &fd);

	if (!err)
		err = import_all(&m);
	if (err)
		return err;
	ctx_changed(ctx, "%llu %s imported into map %u", (unsigned long long)n_written(&m),
		    plural(n_written(&m), "entry was", "entries were"), m.view.shape.info.id);
	out_rec(o, NULL);
	out_count(o, "entries_imported", "%llu entry imported", "%llu entries imported",
		  n_written(&m));
	if (a->replace)
		out_uint(o, "entries_removed", "%llu removed", m.n_removed);
	if (m.n_skipped)
		out_uint(o, "entries_skipped", "%llu without a value skipped", m.n_skipped);
	if (m.n_partial)
		out_uint(o, "entries_partial", "%llu of them for some CPUs only", m.n_partial);
	if (m.rewrote)
		out_bool(o, "read_modify_write",
			 "the values of other CPUs read and written back (read-modify-write)", NULL,
			 true);
	show_evicted(&m);
	out_rec_end(o);
	return 0;
}

static int map_import(struct ctx *ctx, const void *args)
{
	const struct map_import_args *a = args;

	if (a->yes && !a->replace)
		return fail_usage(ctx->err, "'yes' belongs to 'replace'");
	return map_import_file(ctx, a);
}

static const struct param map_import_params[] = {
	PARAM_REF(struct map_import_args, map, "", "MAP", ref_words_map, "the map",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_PATH(struct map_import_args, path, "file", "F", "read a file instead of stdin"),
	PARAM_FLAG(struct map_import_args, replace, "replace",
		   "remove entries that are not in the file"),
	PARAM_FLAG(struct map_import_args, yes, "yes", "with replace: even if the file is empty"),
	{}
};

const struct cmd map_import_cmd = {
	.name = "import", .help = "import entries from an export or dump",
	.params = map_import_params, .args_size = sizeof(struct map_import_args),
	.run = map_import,
};
