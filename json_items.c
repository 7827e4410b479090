// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The output writer: single data in both renditions, text items, JSON values, forms. */
#include <errno.h>

#include "json_writer_int.h"

static void put_text(struct out *o, struct buf *b, const char *s)
{
	if (o->plain)
		buf_puts(b, s);
	else
		buf_text_str(b, s, strlen(s));
}

void out_sep(struct out *o, const char *sep)
{
	set_sep(o, sep);
}

void out_break(struct out *o, const char *indent)
{
	char sep[SEP_MAX];

	sep[0] = '\n';
	copy_sep(sep + 1, indent, sizeof(sep) - 1);
	set_sep(o, at_line_start(o) ? sep + 1 : sep);
}

void out_line(struct out *o)
{
	out_break(o, "\t");
}

/*
 * The position of the only conversion in a format, if it is this one: most formats have few words
 * around it, printf is too expensive.
 */
static const char *find_conversion(const char *fmt, const char *conversion)
{
	const char *at = strchr(fmt, '%');

	return at && has_prefix(at, conversion) && !strchr(at + 1, '%') ? at : NULL;
}

void out_item(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (shows_json(o))
		return;
	text_before(o, NULL);
	va_start(ap, fmt);
	buf_vfmt(&o->buf, fmt, ap);
	va_end(ap);
}

void out_text(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (shows_json(o))
		return;
	va_start(ap, fmt);
	buf_vfmt(&o->buf, fmt, ap);
	va_end(ap);
	set_sep(o, "");
}

void out_text_verbatim(struct out *o, const char *text, size_t len)
{
	if (shows_json(o))
		return;
	buf_put(&o->buf, text, len);
	set_sep(o, "");
}

static void put_bytes(struct out *o, const void *data, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = data;
	char *at;
	size_t i;

	if (!len || !buf_room(&o->buf, len * 3 + len / 8))
		return;
	at = o->buf.data + o->buf.len;
	for (i = 0; i < len; i++) {
		if (i)
			*at++ = i % 16 ? ' ' : '\n';
		if (i % 16 == 8)
			*at++ = ' ';
		*at++ = hex[p[i] >> 4];
		*at++ = hex[p[i] & 15];
	}
	o->buf.len = (size_t)(at - o->buf.data);
}

void out_text_bytes(struct out *o, const void *data, size_t len)
{
	if (shows_json(o))
		return;
	put_bytes(o, data, len);
	set_sep(o, "");
}

void out_json_uint(struct out *o, const char *key, uint64_t v)
{
	if (!shows_json(o))
		return;
	json_before(o, key);
	buf_uint(&o->buf, v);
	json_after(o);
}

void out_json_int(struct out *o, const char *key, int64_t v)
{
	if (!shows_json(o))
		return;
	json_before(o, key);
	buf_int(&o->buf, v);
	json_after(o);
}

void out_json_strn(struct out *o, const char *key, const char *v, size_t len)
{
	if (!shows_json(o))
		return;
	json_before(o, key);
	buf_json_str(&o->buf, v, len);
	json_after(o);
}

void out_json_str(struct out *o, const char *key, const char *v)
{
	if (v)
		out_json_strn(o, key, v, strlen(v));
	else
		out_json_null(o, key);
}

void out_json_raw(struct out *o, const char *key, const char *token)
{
	if (!shows_json(o))
		return;
	json_before(o, key);
	buf_puts(&o->buf, token);
	json_after(o);
}

void out_json_bool(struct out *o, const char *key, bool v)
{
	out_json_raw(o, key, v ? "true" : "false");
}

void out_json_null(struct out *o, const char *key)
{
	out_json_raw(o, key, "null");
}

void out_json_verbatim(struct out *o, const char *text, size_t len)
{
	if (!shows_json(o))
		return;
	json_before(o, NULL);
	buf_put(&o->buf, text, len);
	json_after(o);
}

void out_json_bytes(struct out *o, const char *key, const void *data, size_t len)
{
	if (!shows_json(o))
		return;
	json_before(o, key);
	buf_putc(&o->buf, '[');
	buf_hex_bytes(&o->buf, data, len);
	if (len && is_pretty(o))
		new_line(o, o->now.brackets);
	buf_putc(&o->buf, ']');
	json_after(o);
}

void out_bytes(struct out *o, const char *key, const char *lead, const void *data, size_t len)
{
	if (shows_json(o)) {
		out_json_bytes(o, key, data, len);
		return;
	}
	text_before(o, key);
	buf_puts(&o->buf, lead);
	put_bytes(o, data, len);
}

void out_json_numbers(struct out *o, const char *key, const uint8_t *data, size_t len)
{
	out_json_list(o, key);
	for (size_t i = 0; i < len && is_json(o); i++)
		out_json_uint(o, NULL, data[i]);
	out_json_list_end(o);
}

void out_raw_fmt(struct out *o, const char *key, const char *fmt, const char *token)
{
	if (shows_json(o))
		out_json_raw(o, key, token);
	else
		out_str_fmt(o, key, fmt, token);
}

void out_bare(struct out *o, const char *key, const char *token)
{
	if (is_json(o))
		out_json_str(o, key, token);
	else
		out_json_raw(o, key, token);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"	/* checked by the macros in the header */

void out_uint_fmt(struct out *o, const char *key, const char *fmt, uint64_t v)
{
	const char *at;

	if (shows_json(o)) {
		out_json_uint(o, key, v);
		return;
	}
	text_before(o, key);
	at = find_conversion(fmt, "%llu");
	if (!at) {
		buf_fmt(&o->buf, fmt, (unsigned long long)v);
		return;
	}
	buf_put(&o->buf, fmt, (size_t)(at - fmt));
	buf_uint(&o->buf, v);
	buf_puts(&o->buf, at + strlen("%llu"));
}

void out_nonzero_fmt(struct out *o, const char *key, const char *fmt, uint64_t v)
{
	if (v || shows_json(o))
		out_uint_fmt(o, key, fmt, v);
}

void out_int_fmt(struct out *o, const char *key, const char *fmt, int64_t v)
{
	if (shows_json(o)) {
		out_json_int(o, key, v);
		return;
	}
	text_before(o, key);
	buf_fmt(&o->buf, fmt, (long long)v);
}

void out_str_fmt(struct out *o, const char *key, const char *fmt, const char *v)
{
	struct buf clean = {};
	const char *at;

	if (shows_json(o)) {
		out_json_str(o, key, v);
		return;
	}
	if (!v)
		return;
	text_before(o, key);
	at = find_conversion(fmt, "%s");
	if (at) {
		buf_put(&o->buf, fmt, (size_t)(at - fmt));
		put_text(o, &o->buf, v);
		buf_puts(&o->buf, at + strlen("%s"));
		return;
	}
	put_text(o, &clean, v);
	buf_putc(&clean, '\0');
	if (!clean.err)
		buf_fmt(&o->buf, fmt, clean.data);
	else
		o->buf.err = clean.err;
	buf_free(&clean);
}

void out_source(struct out *o, const char *key, const char *lead, const char *line)
{
	if (shows_json(o)) {
		out_json_str(o, key, line);
		return;
	}
	text_before(o, key);
	buf_puts(&o->buf, lead);
	buf_text_line(&o->buf, line, strlen(line));
}

void out_enum_fmt(struct out *o, const char *key, const char *fmt, const char *name,
		  uint64_t number)
{
	char text[64];

	if (name) {
		out_str_fmt(o, key, fmt, name);
		return;
	}
	if (shows_json(o)) {
		out_json_uint(o, key, number);
		return;
	}
	snprintf(text, sizeof(text), "%s%s%llu", streq(fmt, "%s") && key ? key : "",
		 streq(fmt, "%s") && key ? " " : "", (unsigned long long)number);
	out_str_fmt(o, key, fmt, text);
}

#pragma GCC diagnostic pop

void out_id(struct out *o, const char *key, uint64_t id)
{
	out_uint(o, key, "%llu:", id);
	if (!shows_json(o))
		set_sep(o, " ");
}

void out_bool(struct out *o, const char *key, const char *yes, const char *no, bool v)
{
	if (shows_json(o)) {
		out_json_bool(o, key, v);
	} else if (*(v ? yes : no)) {
		text_before(o, key);
		buf_puts(&o->buf, v ? yes : no);
	}
}

void out_flag(struct out *o, const char *key, const char *word, bool v)
{
	out_bool(o, key, word, "", v);
}

char *out_escape(char *buf, size_t size, const char *s)
{
	return text_escape(buf, size, s);
}

/* --- forms --- */

void form_piece(struct out *o, const char *key)
{
	struct form *form = form_of(o);

	if (form->n == FORM_PIECES_MAX) {
		o->buf.err = -E2BIG;
		return;
	}
	form->pieces[form->n].key = key ? key : "";
	form->pieces[form->n++].at = o->buf.len;
}

void out_form(struct out *o, const char *text)
{
	if (shows_json(o))
		return;
	push_frame(o, F_FORM);
	if (o->now.forms < FORMS_MAX)
		o->now.forms++;
	else
		o->buf.err = -ELOOP;
	*form_of(o) = (struct form){ .text = text, .at = o->buf.len };
	copy_sep(form_of(o)->sep, o->now.sep, SEP_MAX);
}

/*
 * Appends to b the text of the items whose key is at the start of name; items: text of all of them.
 */
static void put_key_pieces(const struct form *form, const struct buf *items, const char *name,
			   struct buf *b)
{
	size_t len = strcspn(name, "|}");

	for (unsigned int i = 0; i < form->n; i++) {
		size_t at = form->pieces[i].at - form->at,
		       end = i + 1 < form->n ? form->pieces[i + 1].at - form->at : items->len;

		if (strlen(form->pieces[i].key) == len && !memcmp(form->pieces[i].key, name, len))
			buf_put(b, items->data + at, end - at);
	}
}

/*
 * "addr}" or "name|addr}": the first with text; ", addr}" with that separator, unless it is the
 * first.
 */
static void put_pieces(const struct form *form, const struct buf *items, const char *names,
		       struct buf *b)
{
	size_t before = b->len, sep = strspn(names, ", "), start;

	buf_put(b, names, b->len ? sep : 0);
	start = b->len;
	names += sep;
	put_key_pieces(form, items, names, b);
	while (b->len == start && names[strcspn(names, "|}")] == '|') {
		names += strcspn(names, "|") + 1;
		put_key_pieces(form, items, names, b);
	}
	if (b->len == start)
		b->len = before;
}

static void compose_form(const struct form *form, const struct buf *items, struct buf *b)
{
	const char *at, *open;

	for (at = form->text; (open = strchr(at, '{')); at = strchr(open, '}') + 1) {
		buf_put(b, at, (size_t)(open - at));
		put_pieces(form, items, open + 1, b);
	}
	buf_puts(b, at);
}

void out_form_take(struct out *o, struct buf *b)
{
	const struct form *form;

	if (shows_json(o) || top(o)->kind != F_FORM)
		return;
	form = form_of(o);
	pop_frame(o);
	o->now.forms--;
	set_sep(o, form->sep);
	if (o->buf.err)
		return;
	o->items.len = o->whole.len = 0;
	buf_put(&o->items, o->buf.data + form->at, o->buf.len - form->at);
	o->buf.len = form->at;
	compose_form(form, &o->items, &o->whole);
	buf_put(b, o->whole.data, o->whole.len);
	if (o->items.err || o->whole.err)
		b->err = -ENOMEM;
	o->items.err = o->whole.err = 0;
}

void out_form_end(struct out *o)
{
	struct buf b = {};

	if (shows_json(o))
		return;
	out_form_take(o, &b);
	out_torn(o, b.err);
	if (!b.len)
		return;
	text_before(o, NULL);
	buf_put(&o->buf, b.data, b.len);
	buf_free(&b);
}
