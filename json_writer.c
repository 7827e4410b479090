// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The output writer: containers, commits, scopes. Single data: json_items.c.
 *
 * Everything is composed in one buffer. "kept" is the length of the complete part: bytes before it
 * may be written at any time, bytes after it belong to a record in progress and can be dropped
 * together with the stack of open containers as it was at that point.
 */
#include <errno.h>
#include <poll.h>

#include "cli/err.h"
#include "json_writer_int.h"

#define FLUSH_AT (64 * 1024)
#define FIRST_ROOM (32 * 1024)		/* more than an error without its log needs */

struct out *out_open(int fd, enum out_mode mode)
{
	struct out *o = calloc(1, sizeof(*o));

	/*
	 * The first memory is allocated at the start: an error can be shown when there is no more.
	 */
	if (!o || !buf_grow(&o->buf, FIRST_ROOM)) {
		free(o);
		return NULL;
	}
	o->fd = fd;
	o->mode = mode;
	o->last = '\n';
	o->st[0] = (struct frame){ .kind = F_SCOPE, .passes = true, .lines = mode == OUT_JSONL };
	o->kept_st[0] = o->st[0];
	return o;
}

struct out *out_open_plain(void)
{
	struct out *o = out_open(-1, OUT_TEXT);

	if (o)
		o->plain = true;
	return o;
}

struct out *out_open_like(const struct out *o, int fd)
{
	return out_open(fd, o->mode);
}

bool out_is_json(const struct out *o)
{
	return is_json(o);
}

int out_failed(const struct out *o)
{
	return o->err ? o->err : o->buf.err;
}

void out_torn(struct out *o, int err)
{
	if (err && !o->buf.err)
		o->buf.err = err;
}

static void write_all(struct out *o, const char *data, size_t len)
{
	while (len && !o->err) {
		ssize_t n = write(o->fd, data, len);

		if (n >= 0) {
			data += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = o->fd, .events = POLLOUT };

			poll(&p, 1, -1);
		} else if (errno != EINTR) {
			o->err = -errno;
		}
	}
}

/*
 * The first bracket of a list is held back while the list is empty: an error can still take its
 * place.
 */
static bool is_empty_list(const struct frame *st, unsigned int depth)
{
	return depth && st[depth].kind == F_LIST && !st[depth].used && !st[depth].bare &&
	       st[depth - 1].kind == F_SCOPE;
}

static void flush_kept(struct out *o)
{
	bool holds = is_json(o) && is_empty_list(o->kept_st, o->kept.depth);
	size_t n = o->kept.len - (holds && o->kept.len);

	if (!n)
		return;
	write_all(o, o->buf.data, n);
	o->last = o->buf.data[n - 1];
	memmove(o->buf.data, o->buf.data + n, o->buf.len - n);
	o->buf.len -= n;
	o->kept.len -= n;
}

int out_flush(struct out *o)
{
	flush_kept(o);
	return out_failed(o);
}

/* The contents of the buffer are complete now. */
static void commit(struct out *o)
{
	if (o->buf.err)
		return;			/* a part of it is missing */
	o->now.len = o->buf.len;
	o->kept = o->now;
	memcpy(o->kept_st, o->st, (o->now.depth + 1) * sizeof(o->st[0]));
	if (o->kept.len >= FLUSH_AT)
		flush_kept(o);
}

/* --- errors that wait for their place --- */

static void put_error(struct out *o, const struct err *e, bool with_log)
{
	char text[ERR_TEXT_MAX * 2];
	const char *name = errno_name(e->code);

	if (!is_json(o))
		return;
	err_message(e, text, sizeof(text));
	out_rec(o, NULL);
	out_json_str(o, "error", text);
	if (name && !e->usage)
		out_json_str(o, "errno", name);
	if (e->hint[0])
		out_json_str(o, "hint", e->hint);
	if (e->detail && with_log)
		e->detail->put_json(e->detail, o);
	if (with_log && e->n_log) {
		out_list(o, "log", "");
		for (size_t i = 0; i < e->n_log; i++)
			out_json_str(o, NULL, e->log[i]);
		out_list_end(o);
	}
	out_rec_end(o);
}

/* Room for one more; if out of memory, the first one is kept, which in most cases is the cause. */
static struct late_error *new_late(struct out *o)
{
	struct late_error *late = calloc(1, sizeof(*late));

	if (late || o->spare_used)
		return late;
	o->spare_used = true;
	o->spare.next = NULL;
	return &o->spare;
}

static void free_late(struct out *o, struct late_error *late)
{
	if (late == &o->spare)
		o->spare_used = false;
	else
		free(late);
}

/* The error belongs to the container at that depth: in order of arrival. */
static void keep_error(struct out *o, const struct err *e, unsigned int depth)
{
	struct late_error *late = new_late(o), **at = &o->late;

	if (!late)
		return;
	late->depth = depth;
	late->e = *e;
	late->e.log = NULL;
	late->e.n_log = late->e.max_log = 0;
	late->e.detail = NULL;
	while (*at)
		at = &(*at)->next;
	*at = late;
}

static bool has_late(const struct out *o, unsigned int depth)
{
	const struct late_error *late = o->late;

	while (late && late->depth != depth)
		late = late->next;
	return late;
}

bool out_is_compact(const struct out *o)
{
	return (o->mode == OUT_JSON || o->mode == OUT_JSONL) && !has_late(o, o->now.depth + 1);
}

/* The errors of this depth, as elements of the container that is open now. */
static void put_late(struct out *o, unsigned int depth)
{
	struct late_error **at = &o->late;

	while (*at) {
		struct late_error *late = *at;

		if (late->depth != depth) {
			at = &late->next;
			continue;
		}
		*at = late->next;
		put_error(o, &late->e, false);
		free_late(o, late);
	}
}

/* Errors of containers that are dropped. */
static void drop_late(struct out *o, unsigned int above)
{
	struct late_error **at = &o->late;

	while (*at) {
		struct late_error *late = *at;

		if (late->depth <= above) {
			at = &late->next;
			continue;
		}
		*at = late->next;
		free_late(o, late);
	}
}

/* Before a record ends: what could not be read of it. */
static void end_with_errors(struct out *o)
{
	unsigned int depth = o->now.depth;

	if (!has_late(o, depth))
		return;
	if (top(o)->bare)
		out_stream(o, "errors");
	else
		out_list(o, "errors", NULL);
	put_late(o, depth);
	out_list_end(o);
}

void out_error(struct out *o, const struct err *e)
{
	const struct frame *f = top(o);

	if (!is_json(o))
		return;
	if (f->kind == F_REC)
		keep_error(o, e, o->now.depth);
	else if (f->kind == F_SCOPE)
		keep_error(o, e, o->now.depth + 1);
	else
		put_error(o, e, true);
}

void out_rollback(struct out *o)
{
	drop_late(o, o->kept.depth);
	o->buf.len = o->kept.len;
	o->now = o->kept;
	memcpy(o->st, o->kept_st, (o->kept.depth + 1) * sizeof(o->st[0]));
}

int out_recover(struct out *o)
{
	int err = o->buf.err;

	if (!err)
		return 0;
	out_rollback(o);
	flush_kept(o);
	o->buf.err = 0;
	return err;
}

int out_close(struct out *o)
{
	int err;

	if (!o)
		return 0;
	flush_kept(o);
	err = out_failed(o);
	drop_late(o, 0);
	buf_free(&o->buf);
	buf_free(&o->items);
	buf_free(&o->whole);
	free(o);
	return err;
}

/* Starts a new line, unless the text is at the start of one. */
static void text_block(struct out *o)
{
	if (!at_line_start(o))
		buf_putc(&o->buf, '\n');
	o->now.sep[0] = '\0';
}

static void list_sep(struct out *o, const char *sep)
{
	struct frame *f = top(o);

	if (f->used && !f->no_sep)
		buf_puts(&o->buf, sep);
	f->used = true;
}

/* The previous item ended its line: no separator, unless one was requested. */
static bool is_after_line(const struct out *o)
{
	return at_line_start(o) && streq(o->now.sep, "  ");
}

/* Before an item: the separator that is due at this position. */
void text_before(struct out *o, const char *key)
{
	const struct frame *f = top(o);

	if (f->kind == F_FORM)
		form_piece(o, key);
	else if (f->kind == F_LIST && f->joined)
		list_sep(o, ",");
	else if (!f->no_sep && !(f->kind == F_REC && f->joined) && !is_after_line(o))
		buf_puts(&o->buf, o->now.sep);
	set_sep(o, "  ");
}

static void put_key(struct out *o, const char *key)
{
	if (is_pretty(o))
		new_line(o, o->now.brackets);
	buf_json_str(&o->buf, key, strlen(key));
	buf_putc(&o->buf, ':');
	if (is_pretty(o))
		buf_putc(&o->buf, ' ');
}

/* Before a value: comma, line, key. */
void json_before(struct out *o, const char *key)
{
	struct frame *f = top(o);

	if (o->now.after_key) {
		o->now.after_key = false;
		return;
	}
	if (f->used && !f->lines)
		buf_putc(&o->buf, ',');
	f->used = true;
	if (key && f->kind == F_REC)
		put_key(o, key);
}

/* After a complete value: its line ends, it may be written. */
void json_after(struct out *o)
{
	struct frame *f = top(o);

	if (f->lines && f->kind == F_LIST)
		buf_putc(&o->buf, '\n');
	if (f->stream)
		commit(o);
}

static void open_bracket(struct out *o, char c)
{
	buf_putc(&o->buf, c);
	o->now.brackets++;
}

static void close_bracket(struct out *o, const struct frame *f, char c)
{
	o->now.brackets--;
	if (f->used && is_pretty(o))
		new_line(o, o->now.brackets);
	buf_putc(&o->buf, c);
}

void out_key(struct out *o, const char *key)
{
	if (!shows_json(o) || !key)
		return;
	json_before(o, key);
	o->now.after_key = true;
}

struct frame *push_frame(struct out *o, enum frame_kind kind)
{
	if (o->now.depth + 1 >= DEPTH_MAX) {
		o->now.too_deep++;	/* the output is lost, pushes and pops stay balanced */
		o->buf.err = -ELOOP;
	} else {
		o->now.depth++;
	}
	*top(o) = (struct frame){ .kind = kind };
	return top(o);
}

void pop_frame(struct out *o)
{
	if (o->now.too_deep)
		o->now.too_deep--;
	else if (o->now.depth)
		o->now.depth--;
}

/*
 * A list at the top may be released after any element: it streams, with --jsonl without brackets.
 */
static void open_list(struct out *o, const char *key, bool stream)
{
	struct frame *parent = top(o), *f;
	bool lines = o->mode == OUT_JSONL && parent->lines && stream;

	if (!lines)
		json_before(o, key);
	else
		o->now.after_key = false;
	f = push_frame(o, F_LIST);
	f->stream = stream && parent->passes;
	f->passes = f->stream;
	f->lines = f->bare = lines;
	if (!f->bare)
		open_bracket(o, '[');
	put_late(o, o->now.depth);
	/*
	 * Its elements are released one by one: an incomplete first one must not take the list with
	 * it.
	 */
	if (f->stream)
		commit(o);
}

void out_list(struct out *o, const char *key, const char *label)
{
	struct frame *f;

	if (shows_json(o)) {
		enum frame_kind kind = top(o)->kind;

		open_list(o, key, kind == F_SCOPE || kind == F_TREE);
		return;
	}
	if (label) {
		text_before(o, key);
		buf_puts(&o->buf, label);
	}
	f = push_frame(o, F_LIST);
	f->joined = label != NULL;
	f->stream = f->passes = !label && o->st[o->now.depth - 1].passes;
}

void out_section(struct out *o, const char *key, const char *heading)
{
	if (!shows_json(o) && heading) {
		text_before(o, key);
		buf_puts(&o->buf, heading);
	}
	out_list(o, key, NULL);
}

void out_list_end(struct out *o)
{
	struct frame *f = top(o);

	if (shows_json(o) && !f->bare)
		close_bracket(o, f, ']');
	pop_frame(o);
	if (shows_json(o) && !f->bare)
		json_after(o);
	else if (!shows_json(o))
		set_sep(o, at_line_start(o) ? "" : "  ");
}

/* --jsonl: the record so far becomes a line, its stream follows as lines. */
static void cut_record(struct out *o)
{
	struct frame *f = top(o);

	if (f->kind != F_REC || f->bare || !o->st[o->now.depth - 1].lines)
		return;
	if (f->used) {
		close_bracket(o, f, '}');
		buf_putc(&o->buf, '\n');
	} else {
		o->buf.len--;		/* the bracket is the last byte */
		o->now.brackets--;
	}
	f->bare = f->lines = true;
}

void out_stream(struct out *o, const char *key)
{
	struct frame *f;

	if (!shows_json(o)) {
		f = push_frame(o, F_LIST);
		f->stream = f->passes = o->st[o->now.depth - 1].passes;
	} else {
		if (o->mode == OUT_JSONL)
			cut_record(o);
		open_list(o, key, true);
	}
	if (top(o)->stream)
		commit(o);
}

void out_stream_end(struct out *o)
{
	out_list_end(o);
}

static void text_rec(struct out *o, const char *key)
{
	struct frame *parent = top(o), *f;
	bool joined = parent->joined || parent->kind == F_FORM, no_sep = parent->no_sep;
	bool block = parent->kind != F_REC && !joined;

	if (block)
		text_block(o);
	else if (parent->kind == F_LIST)
		list_sep(o, ", ");
	else if (parent->kind == F_FORM)
		form_piece(o, key);
	f = push_frame(o, F_REC);
	f->block = block;
	f->joined = joined;
	f->no_sep = no_sep && !block;
	f->passes = block && o->st[o->now.depth - 1].passes;
}

void out_rec(struct out *o, const char *key)
{
	struct frame *f;
	bool passes;

	if (!shows_json(o)) {
		text_rec(o, key);
		return;
	}
	passes = top(o)->passes;
	json_before(o, key);
	f = push_frame(o, F_REC);
	f->passes = passes;
	open_bracket(o, '{');
}

void out_rec_end(struct out *o)
{
	struct frame *f = top(o);
	bool bare = f->bare;

	if (is_json(o))
		end_with_errors(o);
	if (shows_json(o)) {
		if (!bare)
			close_bracket(o, f, '}');
		pop_frame(o);
		if (!bare)
			json_after(o);
		else if (top(o)->stream)
			commit(o);
		return;
	}
	if (f->block)
		text_block(o);
	pop_frame(o);
	if (top(o)->stream)
		commit(o);
}

void out_json_list(struct out *o, const char *key)
{
	if (is_json(o))
		out_list(o, key, NULL);
}

void out_json_list_end(struct out *o)
{
	if (is_json(o))
		out_list_end(o);
}

void out_json_rec(struct out *o, const char *key)
{
	if (is_json(o))
		out_rec(o, key);
}

void out_json_rec_end(struct out *o)
{
	if (is_json(o))
		out_rec_end(o);
}

void out_tree(struct out *o)
{
	struct frame *f;
	bool passes;

	if (is_json(o))
		return;
	if (!o->now.tree++) {
		text_before(o, NULL);
		o->now.brackets = 0;
	}
	passes = top(o)->passes;
	f = push_frame(o, F_TREE);
	f->passes = passes;
}

void out_tree_end(struct out *o)
{
	if (is_json(o))
		return;
	o->now.tree--;
	pop_frame(o);
}

void out_no_sep(struct out *o)
{
	top(o)->no_sep = true;
}

unsigned int out_depth(const struct out *o)
{
	return o->now.depth;
}

void out_unwind(struct out *o, unsigned int depth)
{
	while (o->now.depth > depth) {
		switch (top(o)->kind) {
		case F_REC:
			out_rec_end(o);
			break;
		case F_TREE:
			out_tree_end(o);
			break;
		case F_FORM:
			out_form_end(o);
			break;
		default:
			out_list_end(o);
		}
	}
}

/* A scope's frame is on the stack; the first is there from out_open() on. */
void out_begin(struct out *o)
{
	bool passes = top(o)->passes, lines = o->now.depth == 0 && o->mode == OUT_JSONL;
	struct frame *f = push_frame(o, F_SCOPE);

	f->passes = passes;
	f->lines = lines;
	o->now.after_key = false;	/* the scope writes the value of the key */
	o->now.raw = false;
	commit(o);
}

void out_text_raw(struct out *o, const void *data, size_t len)
{
	if (shows_json(o))
		return;
	buf_put(&o->buf, data, len);
	o->now.raw = true;
	commit(o);
	flush_kept(o);
}

static unsigned int scope_depth(const struct out *o)
{
	unsigned int d = o->now.depth;

	while (d && o->st[d].kind != F_SCOPE)
		d--;
	return d;
}

/* It is still empty: the error is the document, not an element. */
static void drop_empty_list(struct out *o)
{
	if (!is_json(o) || !is_empty_list(o->st, o->now.depth))
		return;
	o->buf.len--;
	o->now.brackets--;
	pop_frame(o);
	top(o)->used = false;
}

/* Replaces what is incomplete. Its log may not fit into memory. */
static void end_with_error(struct out *o, const struct err *e)
{
	out_rollback(o);
	if (e->shown)
		return;
	drop_late(o, scope_depth(o));
	drop_empty_list(o);
	commit(o);
	put_error(o, e, true);
	if (out_recover(o))
		put_error(o, e, false);
}

/* Errors that waited for data which never came are the document. */
static void put_homeless(struct out *o, unsigned int depth)
{
	if (!has_late(o, depth) || top(o)->used)
		return;
	out_list(o, NULL, NULL);	/* takes them */
	out_list_end(o);
}

void out_end(struct out *o, const struct err *e)
{
	unsigned int base = scope_depth(o);

	if (e && e->code)
		end_with_error(o, e);
	out_unwind(o, base);
	if (is_json(o)) {
		put_homeless(o, base + 1);
		/* With --jsonl nothing is not a line, but the value of a key is needed. */
		if (!top(o)->used && !top(o)->lines)
			buf_puts(&o->buf, "null");
		if (base == 1 && !at_line_start(o))
			buf_putc(&o->buf, '\n');
	} else {
		text_block(o);
	}
	pop_frame(o);
	commit(o);
	if (base == 1)
		flush_kept(o);
}
