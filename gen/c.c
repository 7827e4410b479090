// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* C text: templates with a placeholder for the name, declarations, bytes. */
#include "gen/c.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

#include "cli/ctx.h"
#include "decode/btf/c.h"
#include "gen/names.h"
#include "json_writer.h"

#define FLUSH_SIZE (256 << 10)
#define LITERAL_COLUMNS 77	/* plus a backslash at the end */

int ct_open(struct ctx *ctx, const char *name, const struct btf_image *btf, struct c_text *ret)
{
	int err;

	*ret = (struct c_text){ .ctx = ctx, .name = name, .btf = btf };
	err = btf ? btf_c_decls_new(btf, &ret->decls) : 0;
	return err ? fail(ctx->err, err, "read the object's types") : 0;
}

void ct_close(struct c_text *t)
{
	btf_c_decls_free(t->decls);
	t->decls = NULL;
	buf_free(&t->b);
}

/*
 * Nothing can fail any more when the bytes are written, so earlier text may be flushed; JSON needs
 * it in one piece.
 */
static void flush_text(struct c_text *t)
{
	if (t->b.err || out_is_json(t->ctx->out))
		return;
	out_text_raw(t->ctx->out, t->b.data, t->b.len);
	t->b.len = 0;
}

int ct_finish(struct c_text *t)
{
	struct out *o = t->ctx->out;

	if (t->b.err)
		return fail(t->ctx->err, t->b.err, "compose the header");
	flush_text(t);
	if (!t->b.len)
		return 0;		/* text has left */
	out_rec(o, NULL);
	out_json_strn(o, "header", t->b.data, t->b.len);
	out_rec_end(o);
	return 0;
}

void ct_put(struct c_text *t, const char *text)
{
	const char *end;

	while ((end = strchr(text, '$'))) {
		buf_put(&t->b, text, end - text);
		buf_puts(&t->b, t->name);
		text = end + 1;
	}
	buf_puts(&t->b, text);
}

void ct_fmt(struct c_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(&t->b, fmt, ap);
	va_end(ap);
}

void ct_put_upper(struct c_text *t, const char *word)
{
	for (; *word; word++)
		buf_putc(&t->b,
			 isalnum((unsigned char)*word) ? toupper((unsigned char)*word) : '_');
}

void ct_string(struct c_text *t, const char *s)
{
	buf_putc(&t->b, '"');
	for (; *s; s++) {
		if (isascii(*s) && isprint((unsigned char)*s) && !strchr("\"\\?", *s))
			buf_putc(&t->b, *s);
		else
			ct_fmt(t, "\\%03o", (unsigned char)*s);
	}
	buf_putc(&t->b, '"');
}

/* How each byte is written, and the length of that. */
struct literal {
	char text[256][4];
	uint8_t len[256];
};

static void fill_literal(struct literal *l)
{
	static const char digits[] = "0123456789abcdef";
	unsigned int i;

	for (i = 0; i < 256; i++) {
		memcpy(l->text[i], "\\x", 2);
		l->text[i][2] = digits[i >> 4];
		l->text[i][3] = digits[i & 15];
		l->len[i] = 4;
	}
	memcpy(l->text[0], "\\0", 2);
	l->len[0] = 2;
}

/*
 * Objects are megabytes long: formats a line at a time into existing memory. Returns the remaining
 * bytes.
 */
static size_t put_literal_line(struct buf *b, const struct literal *l, const uint8_t *data,
			       size_t len)
{
	unsigned int column = 0;
	char *at;

	if (!buf_room(b, LITERAL_COLUMNS + 8))
		return 0;
	at = b->data + b->len;
	*at++ = '\\';
	*at++ = '\n';
	for (; len && column + l->len[*data] <= LITERAL_COLUMNS; data++, len--) {
		memcpy(at, l->text[*data], 4);
		at += l->len[*data];
		column += l->len[*data];
	}
	b->len = at - b->data;
	return len;
}

void ct_literal(struct c_text *t, const void *data, size_t len)
{
	const uint8_t *end = (const uint8_t *)data + len;
	struct literal l;
	size_t left = len;

	fill_literal(&l);
	buf_putc(&t->b, '"');
	while (left) {
		left = put_literal_line(&t->b, &l, end - left, left);
		if (t->b.len >= FLUSH_SIZE)
			flush_text(t);
	}
	buf_putc(&t->b, '"');
}

bool ct_decl(struct c_text *t, uint32_t id, const char *field, int indent, int flags)
{
	int err = btf_c_decl(t->decls, &t->b, id, field, indent,
			     flags & CT_KEEP_QUALIFIERS ? 0 : BTF_C_NO_MODS);

	if (err == -ENOMEM)
		t->b.err = err;
	return !err;
}
