// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The layout of types. Unnamed structs and unions are part of the type that contains them, and
 * shown inside it, with offsets from its start.
 */
#include <errno.h>

#include "cli/err.h"
#include "json_writer.h"
#include "decode/btf/decl.h"
#include "decode/btf/layout.h"
#include "decode/btf/limits.h"
#include "decode/btf/raw.h"
#include "decode/btf/size.h"

#define LEFT_MIN                                                                                   \
	(16 << 20) /* bytes of text: sufficient for any BTF, in addition to 64 per byte of BTF */
#define COMMENT_COLUMN 56

struct layout {
	struct out *o;
	bool json;
	const struct btf_image *img;
	struct btf_sizes sizes;
	struct btf_decl d;
	struct buf decl, text;		/* a declaration; finished lines of text */
	const char *lead;		/* precedes the next declaration with a brace */
	unsigned int level;
	int err;
};

static void stop(struct layout *l, int err)
{
	l->err = l->err ?: err;
}

/* The type around a name, NUL-terminated; valid until the next call. */
static const char *spell(struct layout *l, uint32_t id, const char *name)
{
	l->decl.len = 0;
	btf_decl_put(&l->d, id, name);
	buf_putc(&l->decl, '\0');
	stop(l, l->d.err ?: l->decl.err);
	return l->decl.err ? "" : l->decl.data;
}

/* --- text --- */

static void put_indent(struct layout *l)
{
	buf_fill(&l->text, '\t', l->level);
}

/* A line, with a comment in a column after it. */
static void put_line(struct layout *l, const char *line, const char *comment)
{
	size_t width = 8 * l->level + strlen(line);

	if (l->json)
		return;
	put_indent(l);
	buf_puts(&l->text, line);
	if (*comment) {
		buf_fill(&l->text, ' ', width < COMMENT_COLUMN ? COMMENT_COLUMN - width : 1);
		buf_puts(&l->text, comment);
	}
	buf_putc(&l->text, '\n');
	l->d.left -= (int64_t)(width + strlen(comment));
	if (l->d.left < 0)
		stop(l, -E2BIG);
}

static void put_gap_line(struct layout *l, const char *what, uint64_t bits)
{
	unsigned long long n = bits % 8 ? bits : bits / 8;
	char line[64];

	snprintf(line, sizeof(line), "/* %s: %llu %s%s */", what, n, bits % 8 ? "bit" : "byte",
		 plural(n, "", "s"));
	put_line(l, line, "");
}

static void place_comment(char *buf, size_t size, uint64_t at, const struct btf_member_pos *p)
{
	unsigned long long bytes = at / 8;

	if (p->unit)
		snprintf(buf, size, "/* %5llu:%u %4llu bit%s */", bytes, (unsigned int)(at % 8),
			 (unsigned long long)p->size, plural(p->size, "", "s"));
	else
		snprintf(buf, size, "/* %5llu  %6llu */", bytes, (unsigned long long)p->size / 8);
}

static void whole_comment(struct layout *l, char *buf, size_t size, uint32_t id)
{
	snprintf(buf, size, "/* size %llu, align %u%s */",
		 (unsigned long long)btf_size_of(&l->sizes, id),
		 btf_align_of(&l->sizes, id), btf_is_packed(&l->sizes, id) ? ", packed" : "");
}

/* "enum name {" */
static void open_brace(struct layout *l, uint32_t id)
{
	struct buf line = {};

	buf_puts(&line, l->lead);
	l->lead = "";
	buf_puts(&line, spell(l, id, ""));
	while (line.len && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\0'))
		line.len--;
	if (!*btf_image_name(l->img, btf_image_type(l->img, id)))
		line.len -= line.len >= sizeof(" {...}") ? sizeof(" {...}") - 1 : 0;
	buf_put(&line, " {", 3);
	put_line(l, line.err ? "" : line.data, "");
	stop(l, line.err);
	buf_free(&line);
}

/* --- enums --- */

static void show_value(struct layout *l, const struct btf_type *t, uint32_t i)
{
	bool is_signed = btf_kflag(t);
	const char *name;
	int64_t v = btf_image_value(l->img, t, i, &name);
	struct buf line = {};

	out_rec(l->o, NULL);
	out_json_str(l->o, "name", name);
	if (is_signed)
		out_json_int(l->o, "val", v);
	else
		out_json_uint(l->o, "val", (uint64_t)v);
	out_rec_end(l->o);
	btf_put_ident(&line, name);
	buf_puts(&line, " = ");
	if (is_signed)
		buf_int(&line, v);
	else
		buf_uint(&line, (uint64_t)v);
	buf_put(&line, ",", 2);
	put_line(l, line.err ? "" : line.data, "");
	stop(l, line.err);
	buf_free(&line);
}

static void show_values(struct layout *l, const struct btf_type *t)
{
	out_json_str(l->o, "encoding", btf_kflag(t) ? "SIGNED" : "UNSIGNED");
	out_list(l->o, "values", NULL);
	l->level++;
	for (uint32_t i = 0; i < btf_items(t) && !l->err; i++)
		show_value(l, t, i);
	l->level--;
	out_list_end(l->o);
}

/* --- records --- */

static void show_members(struct layout *l, uint32_t id, uint64_t base);

/* An unnamed struct, union or enum, possibly const: what is shown inside. 0: none. */
static uint32_t inner_type(const struct layout *l, uint32_t id)
{
	const struct btf_type *t = btf_skip(l->img, BTF_MODS, &id);

	if (!t || !(btf_is_composite(t) || btf_is_any_enum(t)) || *btf_image_name(l->img, t))
		return 0;
	return id;
}

static void show_inner(struct layout *l, uint32_t id, const char *name, uint64_t at,
		       const char *comment)
{
	const struct btf_type *t = btf_image_type(l->img, id);
	struct buf end = {};

	open_brace(l, id);
	out_json_str(l->o, "kind", btf_kind_name(t));
	if (btf_is_any_enum(t)) {
		show_values(l, t);
	} else {
		l->level++;
		show_members(l, id, at);
		l->level--;
	}
	buf_puts(&end, *name ? "} " : "}");
	btf_put_ident(&end, name);
	buf_puts(&end, ";");
	buf_putc(&end, '\0');
	put_line(l, end.err ? "" : end.data, comment);
	stop(l, end.err);
	buf_free(&end);
}

static void show_place(struct layout *l, uint64_t at, const struct btf_member_pos *p)
{
	out_json_uint(l->o, "offset", at / 8);
	out_json_uint(l->o, "bits_offset", at);
	if (p->unit)
		out_json_uint(l->o, "bitfield_size", p->size);
	out_json_uint(l->o, "size", (p->unit ? p->unit : p->size) / 8);
}

static void show_member(struct layout *l, const char *name, uint64_t base,
			const struct btf_member_pos *p)
{
	uint32_t inner = inner_type(l, p->type);
	uint64_t at = base + p->off;
	struct buf line = {};
	char comment[64];

	place_comment(comment, sizeof(comment), at, p);
	out_rec(l->o, NULL);
	out_json_str(l->o, "name", name);
	out_json_str(l->o, "type", spell(l, p->type, ""));
	out_json_uint(l->o, "type_id", p->type);
	show_place(l, at, p);
	if (inner) {
		show_inner(l, inner, name, at, comment);
	} else if (!l->json) {
		buf_puts(&line, spell(l, p->type, name));
		if (p->unit) {
			buf_puts(&line, ": ");
			buf_uint(&line, p->size);
		}
		buf_puts(&line, ";");
		buf_putc(&line, '\0');
		put_line(l, line.err ? "" : line.data, comment);
	}
	stop(l, line.err);
	out_rec_end(l->o);
	buf_free(&line);
}

struct gap {
	uint64_t pos, bits;
};

static void show_gaps(struct layout *l, const struct gap *gaps, size_t n, const struct gap *tail)
{
	out_list(l->o, "holes", NULL);
	for (size_t i = 0; i < n; i++) {
		out_rec(l->o, NULL);
		out_json_uint(l->o, "bits_offset", gaps[i].pos);
		out_json_uint(l->o, "bits", gaps[i].bits);
		out_rec_end(l->o);
	}
	out_list_end(l->o);
	out_json_uint(l->o, "padding_bits", tail->bits);
	if (tail->bits)
		put_gap_line(l, "padding", tail->bits);
}

/* base: the start of the struct or union within the shown type, in bits. */
static void show_members(struct layout *l, uint32_t id, uint64_t base)
{
	const struct btf_type *t = btf_image_type(l->img, id);
	const struct btf_member *m = btf_members(t);
	uint32_t n = btf_items(t);
	bool is_union = btf_kind(t) == BTF_KIND_UNION;
	auto_free struct gap *gaps = calloc(n + 1, sizeof(*gaps));
	uint64_t pos = 0, size = 8 * (uint64_t)t->size;
	struct gap tail = {};
	size_t n_gaps = 0;

	if (!gaps || l->level > BTF_CHAIN_STRICT)
		stop(l, gaps ? -ELOOP : -ENOMEM);
	if (l->err)
		return;
	out_list(l->o, "members", NULL);
	for (uint32_t i = 0; i < n && !l->err; i++) {
		struct btf_member_pos p;
		uint64_t end;

		btf_member_pos_of(&l->sizes, id, i, &p);
		if (!is_union && p.off > pos) {
			gaps[n_gaps++] = (struct gap){ base + pos, p.off - pos };
			put_gap_line(l, "hole", p.off - pos);
		}
		show_member(l, btf_image_str(l->img, m[i].name_off) ?: "", base, &p);
		end = is_union ? p.size : p.off + p.size;
		pos = end > pos ? end : pos;
		l->d.left -= 64;
	}
	out_list_end(l->o);
	if (size > pos)
		tail = (struct gap){ base + pos, size - pos };
	show_gaps(l, gaps, n_gaps, &tail);
}

static void show_record(struct layout *l, uint32_t id)
{
	char comment[64];

	whole_comment(l, comment, sizeof(comment), id);
	open_brace(l, id);
	out_json_bool(l->o, "packed", btf_is_packed(&l->sizes, id));
	l->level++;
	show_members(l, id, 0);
	l->level--;
	put_line(l, "};", comment);
}

/* --- other kinds --- */

static void show_enum(struct layout *l, uint32_t id, const struct btf_type *t)
{
	char comment[64];

	open_brace(l, id);
	show_values(l, t);
	snprintf(comment, sizeof(comment), "/* size %u */", t->size);
	put_line(l, "};", comment);
}

/* Everything with a type and a name. */
static void show_decl(struct layout *l, uint32_t type, const char *before, const char *name)
{
	uint64_t size = btf_size_of(&l->sizes, type);
	struct buf line = {};
	char comment[64] = "";

	buf_puts(&line, before);
	buf_puts(&line, spell(l, type, name));
	buf_puts(&line, ";");
	buf_putc(&line, '\0');
	if (size)
		snprintf(comment, sizeof(comment), "/* size %llu */", (unsigned long long)size);
	put_line(l, line.err ? "" : line.data, comment);
	stop(l, line.err);
	buf_free(&line);
}

static void show_typed(struct layout *l, const struct btf_type *t, const char *before)
{
	const char *name = btf_image_name(l->img, t);
	uint32_t inner = btf_kind(t) == BTF_KIND_TYPEDEF ? inner_type(l, t->type) : 0;
	char comment[64];

	out_json_str(l->o, "type", spell(l, t->type, ""));
	out_json_uint(l->o, "type_id", t->type);
	if (!inner) {
		show_decl(l, t->type, before, name);
		return;
	}
	whole_comment(l, comment, sizeof(comment), inner);
	out_rec(l->o, "layout");
	l->lead = before;
	show_inner(l, inner, name, 0, comment);
	out_rec_end(l->o);
}

static void show_func(struct layout *l, const struct btf_type *t)
{
	const struct btf_type *proto = btf_image_type(l->img, t->type);
	const struct btf_param *p;

	out_json_str(l->o, "linkage", btf_linkage_name(btf_items(t)));
	show_typed(l, t, "");
	if (!proto || btf_kind(proto) != BTF_KIND_FUNC_PROTO)
		return;
	p = (const void *)(proto + 1);
	out_json_str(l->o, "return", spell(l, proto->type, ""));
	out_list(l->o, "params", NULL);
	for (uint32_t i = 0; i < btf_items(proto) && !l->err; i++) {
		bool is_rest = !p[i].type && i + 1 == btf_items(proto);

		out_rec(l->o, NULL);
		out_json_str(l->o, "name", btf_image_str(l->img, p[i].name_off) ?: "");
		out_json_str(l->o, "type", is_rest ? "..." : spell(l, p[i].type, ""));
		out_json_uint(l->o, "type_id", p[i].type);
		out_rec_end(l->o);
	}
	out_list_end(l->o);
}

static void show_unknown(struct layout *l, const struct btf_type *t)
{
	char text[BTF_UNKNOWN_MAX], comment[BTF_UNKNOWN_MAX + 8];

	out_json_uint(l->o, "kind_number", btf_kind(t));
	snprintf(comment, sizeof(comment), "/* %s */", btf_unknown_text(l->img, t, text));
	put_line(l, comment, "");
}

static void show_kind(struct layout *l, uint32_t id, const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		show_record(l, id);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		show_enum(l, id, t);
		break;
	case BTF_KIND_TYPEDEF:
		show_typed(l, t, "typedef ");
		break;
	case BTF_KIND_FUNC:
		show_func(l, t);
		break;
	case BTF_KIND_VAR:
		out_json_str(l->o, "linkage",
			     btf_linkage_name(((const struct btf_var *)(t + 1))->linkage));
		show_typed(l, t, "");
		break;
	default:
		if (!btf_is_known(t)) {
			show_unknown(l, t);
			break;
		}
		out_json_str(l->o, "type", spell(l, id, ""));
		show_decl(l, id, "", "");
	}
}

static void show_type(struct layout *l, uint32_t id)
{
	const struct btf_type *t = btf_image_type(l->img, id);
	uint64_t size;

	if (!t)
		return;
	size = btf_size_of(&l->sizes, id);
	out_rec(l->o, NULL);
	out_json_uint(l->o, "id", id);
	out_json_str(l->o, "kind", btf_kind_name(t));
	out_json_str(l->o, "name",
		     *btf_image_name(l->img, t) ? btf_image_name(l->img, t) : "(anon)");
	if (size) {
		out_json_uint(l->o, "size", size);
		out_json_uint(l->o, "align", btf_align_of(&l->sizes, id));
	}
	show_kind(l, id, t);
	out_text_verbatim(l->o, l->text.data, l->text.len);
	stop(l, l->text.err);
	l->text.len = 0;
	out_rec_end(l->o);
}

static int fail_at(struct err *e, int err, uint32_t id)
{
	if (err == -ELOOP)
		return fail_msg(e, err, "BTF type %u is recursive or nested too deeply", id);
	if (err == -E2BIG)
		return fail_msg(e, err, "BTF type %u is too large", id);
	return fail(e, err, "show types");
}

int btf_layout_dump(struct err *e, struct out *o, const struct btf_image *img, const uint32_t *ids,
		    size_t n)
{
	struct layout l = { .o = o, .json = out_is_json(o), .img = img, .lead = "" };
	int err = btf_sizes_open(img, &l.sizes);
	size_t i;

	l.d = (struct btf_decl){ .img = img, .buf = &l.decl, .left = LEFT_MIN };
	for (const struct btf_image *at = img; at; at = at->base)
		l.d.left += 64 * ((int64_t)at->types_len + at->strs_len);
	if (err)
		return fail(e, err, "show types");
	out_rec(o, NULL);
	out_stream(o, "types");
	for (i = 0; i < n && !l.err && !out_failed(o); i++)
		show_type(&l, ids[i]);
	err = l.err ? fail_at(e, l.err, ids[i - 1]) : 0;
	if (!err) {
		out_stream_end(o);
		out_rec_end(o);
	}
	btf_sizes_close(&l.sizes);
	buf_free(&l.decl);
	buf_free(&l.text);
	return err;
}
