// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* C text: templates with one name in them, declarations by libbpf's printer, bytes. */
#include "gen/c.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "cli/ctx.h"
#include "gen/names.h"
#include "json_writer.h"
#include "kern/libbpf_opts.h"

#define WALK_DEPTH_MAX 64	/* unnamed structs in unnamed structs, pointers to pointers... */
#define WALK_STEPS_MAX 50000	/* unnamed types are written out wherever they are used */
#define FLUSH_SIZE (256 << 10)
#define LITERAL_COLUMNS 77	/* and a backslash at the end */

FORMAT_PRINTF(2, 0) static void put_from_libbpf(void *text, const char *fmt, va_list ap)
{
	buf_vfmt(&((struct c_text *)text)->b, fmt, ap);
}

int ct_open(struct ctx *ctx, const char *name, const struct btf *btf, struct c_text *ret)
{
	int err;

	*ret = (struct c_text){ .ctx = ctx, .name = name, .btf = btf, .steps = C_TYPE_STEPS };
	if (!btf)
		return 0;
	ret->dump = btf_dump__new(btf, put_from_libbpf, ret, NULL);
	err = libbpf_get_error(ret->dump);
	if (!err)
		return 0;
	ret->dump = NULL;
	return fail(ctx->err, err, "read the object's types");
}

void ct_close(struct c_text *t)
{
	btf_dump__free(t->dump);
	t->dump = NULL;
	buf_free(&t->b);
}

/* Nothing fails any more when the bytes are put, so what is there may go; JSON needs it in one piece. */
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
	if (!out_is_json(o)) {
		flush_text(t);
		return 0;
	}
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
		buf_putc(&t->b, isalnum((unsigned char)*word) ? toupper((unsigned char)*word) : '_');
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

/* How each byte is written, and how long that is. */
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

/* Objects are megabytes: a line at a time into memory that is there already. Returns what is left of the bytes. */
static size_t put_literal_line(struct buf *b, const struct literal *l, const uint8_t *data, size_t len)
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

struct walk {
	const struct btf *btf;
	unsigned int left;
};

/* "unsigned int", "_Bool", "long long": what stands in a type's name and cannot end a declaration. */
static bool is_words(const char *name)
{
	const char *c = name;

	while (isascii(*c) && (isalnum((unsigned char)*c) || *c == '_' || *c == ' '))
		c++;
	return *name && !*c && !isdigit((unsigned char)*name);
}

/* Of a member, a parameter, an enumerator: it may have none. */
static bool is_word(const char *name)
{
	return !*name || (is_words(name) && !strchr(name, ' '));
}

/* Is there room for one more? */
static bool step(struct walk *w, unsigned int *depth)
{
	if (++*depth > WALK_DEPTH_MAX || !w->left)
		return false;
	w->left--;
	return true;
}

/*
 * What is in an unnamed struct needs an alignment, for which libbpf goes into all that is there by value, and
 * divides by it.
 */
static bool has_alignment(struct walk *w, uint32_t id, unsigned int depth)
{
	const struct btf_type *t = btf__type_by_id(w->btf, id);
	unsigned int i;

	if (!id || !t || !step(w, &depth))
		return false;
	if (btf_is_int(t) || btf_is_any_enum(t) || btf_is_float(t))
		return t->size;
	if (btf_is_array(t))
		return has_alignment(w, btf_array(t)->type, depth);
	if (btf_is_mod(t) || btf_is_typedef(t) || btf_is_type_tag(t))
		return has_alignment(w, t->type, depth);
	if (!btf_is_composite(t))
		return btf_is_ptr(t);
	for (i = 0; i < btf_vlen(t); i++)
		if (!has_alignment(w, btf_members(t)[i].type, depth))
			return false;
	return true;
}

static bool walk_type(struct walk *w, uint32_t id, unsigned int depth);

/*
 * Libbpf fills what no member covers with bit fields, a line each for 64 bits or fewer. It counts bits in an int, and what
 * ends beyond the end is filled for ever.
 */
static bool fill_gap(struct walk *w, uint64_t from, uint64_t to)
{
	uint64_t lines = to > from ? (to - from) / 8 : 0;

	if (lines > w->left)
		return false;
	w->left -= lines;
	return true;
}

static bool walk_members(struct walk *w, const struct btf_type *t, unsigned int depth)
{
	const struct btf_member *m = btf_members(t);
	uint64_t end = 0, whole = (uint64_t)t->size * 8;
	unsigned int i;

	if (whole > INT32_MAX)
		return false;
	for (i = 0; i < btf_vlen(t); i++) {
		uint32_t bits = btf_member_bitfield_size(t, i), at = btf_member_bit_offset(t, i);
		int64_t size = bits ? 0 : btf__resolve_size(w->btf, m[i].type);

		if (!is_word(btf__str_by_offset(w->btf, m[i].name_off)) || size < 0 ||
		    !fill_gap(w, btf_is_union(t) ? 0 : end, at) || !has_alignment(w, m[i].type, depth) ||
		    !walk_type(w, m[i].type, depth))
			return false;
		end = at + (bits ?: (uint64_t)size * 8);
		if (end > whole)
			return false;
	}
	return btf_is_union(t) || fill_gap(w, end, whole);
}

static bool walk_params(struct walk *w, const struct btf_type *t, unsigned int depth)
{
	const struct btf_param *p = btf_params(t);
	unsigned int i;

	for (i = 0; i < btf_vlen(t); i++)
		if (!is_word(btf__str_by_offset(w->btf, p[i].name_off)) || !walk_type(w, p[i].type, depth))
			return false;
	return walk_type(w, t->type, depth);
}

static bool walk_enumerators(const struct walk *w, const struct btf_type *t)
{
	unsigned int i;

	for (i = 0; i < btf_vlen(t); i++)
		if (!is_word(btf__str_by_offset(w->btf, btf_is_enum64(t) ? btf_enum64(t)[i].name_off :
									   btf_enum(t)[i].name_off)))
			return false;
	return true;
}

/* A named type is written by its name, of an unnamed one all that is in it. */
static bool walk_type(struct walk *w, uint32_t id, unsigned int depth)
{
	const struct btf_type *t = btf__type_by_id(w->btf, id);
	const char *name = t ? btf__str_by_offset(w->btf, t->name_off) : NULL;

	if (!id)
		return true;
	if (!name || !step(w, &depth))
		return false;
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		return is_words(name);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_FWD:
		return *name && is_word(name);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return *name ? is_word(name) : walk_members(w, t, depth);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return *name ? is_word(name) : walk_enumerators(w, t);
	case BTF_KIND_ARRAY:
		return walk_type(w, btf_array(t)->type, depth);
	case BTF_KIND_FUNC_PROTO:
		return walk_params(w, t, depth);
	case BTF_KIND_TYPE_TAG:
		return is_words(name) && walk_type(w, t->type, depth);
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
		return walk_type(w, t->type, depth);
	default:	/* a variable, a function, a section: no type */
		return false;
	}
}

bool c_type_is_spelled(const struct btf *btf, uint32_t id, unsigned int *steps)
{
	unsigned int given = *steps < WALK_STEPS_MAX ? *steps : WALK_STEPS_MAX;
	struct walk w = { .btf = btf, .left = given };
	bool ret = id && walk_type(&w, id, 0);

	*steps -= given - w.left;
	return ret;
}

/* Libbpf leaves out what C wants to read: a function without parameters has (void). */
static void mend_prototypes(struct buf *b, size_t from)
{
	size_t at;

	for (at = from; at + 1 < b->len; at++) {
		if (memcmp(b->data + at, "()", 2) || !buf_room(b, 4))
			continue;
		memmove(b->data + at + 5, b->data + at + 1, b->len - at - 1);
		memcpy(b->data + at + 1, "void", 4);
		b->len += 4;
	}
}

void ct_decl(struct c_text *t, uint32_t id, const char *field, int indent, int flags)
{
	LIB_OPTS(btf_dump_emit_type_decl_opts, opts, .field_name = field, .indent_level = indent,
		    .strip_mods = !(flags & CT_KEEP_QUALIFIERS));
	size_t from = t->b.len;
	int err = btf_dump__emit_type_decl(t->dump, id, &opts);

	/* Without memory libbpf puts nothing, and says that all is well. */
	if (!err && t->b.len == from)
		err = -ENOMEM;
	if (err && !t->b.err)
		t->b.err = err;
	mend_prototypes(&t->b, from);
}
