// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Types as C declarations, each after what it needs.
 *
 * A record needs its members' types whole, but of what they point at only the name. So a walk goes
 * down what lies within a type and declares it first (need()); then, when nothing is between, the
 * records that are only pointed at and are not known yet are announced (announce()); then the type
 * itself follows. BTF that no C compiler made can have records within themselves: an error.
 */
#include <errno.h>

#include "decode/btf/c_int.h"
#include "decode/btf/limits.h"

#define LEFT_MIN (16 << 20)	/* a header of this size is fine for any BTF */

static void need(struct c_writer *w, uint32_t id, bool is_full);

static void stop(struct c_writer *w, uint32_t id, int err)
{
	if (!w->d.err)
		w->culprit = id;
	w->d.err = w->d.err ?: err;
}

/* A walk that goes in circles, or visits the same over and over, ends. */
static bool enter(struct c_writer *w, uint32_t id)
{
	if (--w->d.left < 0)
		stop(w, id, -E2BIG);
	else if (w->depth >= BTF_C_DEPTH_MAX)
		stop(w, id, -ELOOP);
	if (w->d.err)
		return false;
	w->depth++;
	return true;
}

static bool has_name(const struct c_writer *w, const struct btf_type *t)
{
	return *btf_image_name(w->d.img, t);
}

static void indent(struct c_writer *w)
{
	buf_fill(&w->buf, '\t', w->level);
}

/* --- records --- */

static const struct unit {
	const char *text;
	uint32_t bits;
} units[] = { { "long: ", 64 }, { "int: ", 32 }, { "short: ", 16 }, { "char: ", 8 } };

/* There a long has 32 bits; and what has 64 is aligned to 32 by some compilers, to 64 by others. */
static bool is_32bit(const struct c_writer *w)
{
	return w->sizes.pointer == 4;
}

static void put_gap_bits(struct c_writer *w, const struct unit *u, uint64_t n)
{
	indent(w);
	buf_puts(&w->buf, u->text);
	buf_uint(&w->buf, n);
	buf_puts(&w->buf, ";\n");
	w->d.left -= 16;
	if (w->d.left < 0)
		stop(w, 0, -E2BIG);
}

/*
 * The largest unit whose next boundary is within the gap; for a gap between bits, one that holds it
 * all. first: the largest that there is.
 */
static const struct unit *gap_unit(const struct unit *first, uint64_t pos, uint64_t end)
{
	const struct unit *u = first, *last = &units[ARRAY_SIZE(units) - 1];

	if (end % 8) {
		for (u = last; u >= first; u--)
			if (pos / u->bits == (end - 1) / u->bits)
				return u;
		u = first;
	}
	while (u < last && (pos / u->bits + 1) * u->bits > end)
		u++;
	return u;
}

/*
 * Bits between members that the compiler would not leave by itself, as bit-fields without a name,
 * each within a unit of its own size. A full unit goes to its boundary by itself, and one of 0 bits
 * is what leads to the next boundary, but not so in packed records.
 */
static void put_gap(struct c_writer *w, uint64_t pos, uint64_t end, bool is_packed)
{
	const struct unit *first = &units[is_32bit(w)];

	while (pos < end && !w->d.err) {
		const struct unit *u = gap_unit(first, pos, end);
		uint64_t next = (pos / u->bits + 1) * u->bits;
		bool is_rest = pos % u->bits && next <= end && !is_packed;

		if (next > end)
			next = end;
		if (!is_rest)
			put_gap_bits(w, u, next - pos);
		else if (end - next < u->bits)
			put_gap_bits(w, u, 0);
		pos = next;
	}
}

/* A union is as large as what is in it: there the gap is a member of its own. */
static void put_union_gap(struct c_writer *w, uint64_t end)
{
	indent(w);
	buf_puts(&w->buf, "struct {\n");
	w->level++;
	put_gap(w, 0, end, false);
	w->level--;
	indent(w);
	buf_puts(&w->buf, "};\n");
}

static void put_member(struct c_writer *w, const struct btf_member *m,
		       const struct btf_member_pos *p)
{
	indent(w);
	btf_decl_put(&w->d, m->type, btf_image_str(w->d.img, m->name_off) ?: "");
	if (p->unit) {
		buf_puts(&w->buf, ": ");
		buf_uint(&w->buf, p->size);
	}
	buf_put(&w->buf, ";\n", 2);
}

/*
 * Where every compiler puts it behind what ends at bit pos. Where they differ: before where any
 * would, so that a gap is written.
 */
static uint64_t sure_place(const struct c_writer *w, const struct btf_member_pos *p, uint64_t pos)
{
	struct btf_member_pos near = *p;

	if (!is_32bit(w) || (p->align <= 32 && p->unit <= 32))
		return btf_member_pos_next(p, pos);
	near.align = near.align > 32 ? 32 : near.align;
	return p->unit ? pos : btf_member_pos_next(&near, pos);
}

/* As far as every compiler goes by itself behind what ends at bit pos. */
static uint64_t sure_end(struct c_writer *w, uint32_t id, uint64_t pos)
{
	uint64_t align = 8 * (uint64_t)btf_align_of(&w->sizes, id);

	if (is_32bit(w) && align > 32)
		align = 32;
	return (pos + align - 1) / align * align;
}

static bool lies_within(const struct c_writer *w, const struct btf_type *t,
			const struct btf_member *m, const struct btf_member_pos *p)
{
	return btf_type_size(w->d.img, w->sizes.pointer, m->type) >= 0 &&
	       p->off + p->size <= 8 * (uint64_t)t->size;
}

static void put_members(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);
	uint32_t n = btf_items(t);
	bool is_union = btf_kind(t) == BTF_KIND_UNION, is_packed = btf_is_packed(&w->sizes, id);
	uint64_t pos = 0, end;

	for (uint32_t i = 0; i < n && !w->d.err; i++) {
		struct btf_member_pos p;

		btf_member_pos_of(&w->sizes, id, i, &p);
		if (w->d.is_strict && !lies_within(w, t, &m[i], &p))
			stop(w, id, -EINVAL);
		if (!is_union && sure_place(w, &p, pos) < p.off)
			put_gap(w, pos, p.off, is_packed);
		put_member(w, &m[i], &p);
		pos = is_union ? (p.size > pos ? p.size : pos) : p.off + p.size;
	}
	end = sure_end(w, id, pos);
	if (end < 8 * (uint64_t)t->size && is_union)
		put_union_gap(w, 8 * (uint64_t)t->size);
	else if (end < 8 * (uint64_t)t->size)
		put_gap(w, pos, 8 * (uint64_t)t->size, is_packed);
}

static void put_record(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	buf_puts(&w->buf, "{");
	if (btf_items(t) || t->size) {
		buf_putc(&w->buf, '\n');
		w->level++;
		put_members(w, id, t);
		w->level--;
		indent(w);
	}
	buf_puts(&w->buf, btf_is_packed(&w->sizes, id) ? "} __attribute__((packed))" : "}");
}

/* --- enums --- */

/* The size C gives an enum with these values is that of int, or of long where they need it. */
static const char *size_attribute(const struct btf_type *t, bool has_large)
{
	switch (t->size) {
	case 1:
		return " __attribute__((mode(byte)))";
	case 2:
		return " __attribute__((mode(HI)))";
	case 8:
		return has_large ? "" : " __attribute__((mode(DI)))";
	}
	return "";
}

static void put_values(struct c_writer *w, const struct btf_type *t)
{
	bool is_signed = btf_kflag(t), is_wide = btf_kind(t) == BTF_KIND_ENUM64, has_large = false;
	uint32_t n = btf_items(t);

	buf_puts(&w->buf, "{\n");
	for (uint32_t i = 0; i < n && !w->d.err; i++) {
		const char *name;
		int64_t v = btf_image_value(w->d.img, t, i, &name);
		size_t start = w->buf.len;

		buf_fill(&w->buf, '\t', w->level + 1);
		c_put_value_name(w, name, w->own_truth);
		buf_puts(&w->buf, " = ");
		if (is_signed)
			buf_int(&w->buf, v);
		else
			buf_uint(&w->buf, (uint64_t)v);
		buf_puts(&w->buf, !is_wide ? ",\n" : is_signed ? "LL,\n" : "ULL,\n");
		has_large |= is_signed ? v != (int32_t)v : v != (int64_t)(uint32_t)v;
		w->d.left -= (int64_t)(w->buf.len - start);
		if (w->d.left < 0)
			stop(w, 0, -E2BIG);
	}
	indent(w);
	buf_putc(&w->buf, '}');
	buf_puts(&w->buf, size_attribute(t, has_large));
}

/* C23 has these words by itself, and would not have them declared; so say compilers from these
 * versions on. */
static void put_if_old(struct c_writer *w)
{
	buf_puts(&w->buf, "#if !defined(__cplusplus) && (__STDC_VERSION__ < 202000L || \\\n"
			  "\t(defined(__clang__) ? __clang_major__ < 15 : __GNUC__ < 13))\n");
}

/* Behind a declaration and its empty line. */
static void put_endif(struct c_writer *w)
{
	w->buf.len -= !!w->buf.len;
	buf_puts(&w->buf, "#endif\n\n");
}

static bool is_truth(const struct btf_image *img, const struct btf_type *t)
{
	uint32_t n = btf_items(t);
	const char *name;

	for (uint32_t i = 0; i < n; i++) {
		btf_image_value(img, t, i, &name);
		if (!streq(name, "false") && !streq(name, "true"))
			return false;
	}
	return n;
}

/* For declarations that hold a type without a name. */
static void put_body(struct btf_decl *d, uint32_t id, const struct btf_type *t)
{
	struct c_writer *w = (struct c_writer *)d;

	if (btf_is_composite(t))
		put_record(w, id, t);
	else if (btf_is_any_enum(t))
		put_values(w, t);
	else
		buf_puts(&w->buf, "{}");
}

static const char *word_of(const struct btf_type *t)
{
	if (btf_is_any_enum(t))
		return "enum ";
	if (btf_kind(t) == BTF_KIND_UNION ||
	    (btf_kind(t) == BTF_KIND_FWD && btf_kflag(t)))
		return "union ";
	return "struct ";
}

static void declare_enum(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	buf_puts(&w->buf, word_of(t));
	if (has_name(w, t)) {
		c_put_name(&w->d, id, t);
		buf_putc(&w->buf, ' ');
	}
	if (btf_items(t))
		put_values(w, t);
	else
		w->buf.len--;	/* declared elsewhere: "enum name;" */
	buf_puts(&w->buf, ";\n\n");
}

/* "enum { false, true };" */
static void declare_truth(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	put_if_old(w);
	w->own_truth = true;
	declare_enum(w, id, t);
	w->own_truth = false;
	put_endif(w);
}

static void declare_bool(struct c_writer *w)
{
	put_if_old(w);
	buf_puts(&w->buf, "typedef _Bool bool;\n\n");
	put_endif(w);
}

static void declare_record(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	buf_puts(&w->buf, word_of(t));
	c_put_name(&w->d, id, t);
	buf_putc(&w->buf, ' ');
	put_record(w, id, t);
	buf_puts(&w->buf, ";\n\n");
}

/* "struct name;" */
static void put_forward(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	if (w->state[id] & (C_FWD_DONE | C_FULL_DONE))
		return;
	w->state[id] |= C_FWD_DONE;
	buf_puts(&w->buf, word_of(t));
	c_put_name(&w->d, id, t);
	buf_puts(&w->buf, ";\n\n");
}

/* --- what is mentioned must be known, at least by name --- */

static void announce(struct c_writer *w, uint32_t id);

static void announce_members(struct c_writer *w, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);

	for (uint32_t n = btf_items(t); n && !w->d.err; n--, m++)
		announce(w, m->type);
}

static void announce_params(struct c_writer *w, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);

	announce(w, t->type);
	for (uint32_t n = btf_items(t); n && !w->d.err; n--, p++)
		announce(w, p->type);
}

static void announce(struct c_writer *w, uint32_t id)
{
	const struct btf_type *t = btf_image_type(w->d.img, id);

	if (!t || !enter(w, id))
		return;
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (has_name(w, t))
			put_forward(w, id, t);
		else
			announce_members(w, t);
		break;
	case BTF_KIND_FWD:
		if (has_name(w, t))
			put_forward(w, id, t);
		break;
	case BTF_KIND_FUNC_PROTO:
		announce_params(w, t);
		break;
	case BTF_KIND_ARRAY:
		announce(w, btf_array(t)->type);
		break;
	case BTF_KIND_PTR:
	case BTF_KIND_VAR:
	case BTF_KIND_FUNC:
		announce(w, t->type);
		break;
	default:
		if (btf_is_mod(t))
			announce(w, t->type);
	}
	w->depth--;
}

/* --- what is needed is declared before --- */

static void need_members(struct c_writer *w, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);

	for (uint32_t n = btf_items(t); n && !w->d.err; n--, m++)
		need(w, m->type, true);
}

static void need_params(struct c_writer *w, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);

	need(w, t->type, false);
	for (uint32_t n = btf_items(t); n && !w->d.err; n--, p++)
		need(w, p->type, false);
}

static void need_record(struct c_writer *w, uint32_t id, const struct btf_type *t, bool is_full)
{
	bool named = has_name(w, t);

	if (named && !is_full)
		return;
	if (w->state[id] & C_FULL_BUSY) {
		stop(w, id, -ELOOP);
		return;
	}
	w->state[id] |= C_FULL_BUSY;
	need_members(w, t);
	if (named && !w->d.err) {
		w->state[id] |= C_FULL_DONE;	/* its own name is known within itself */
		announce_members(w, t);
		declare_record(w, id, t);
	}
	w->state[id] |= C_FULL_DONE;
}

/* The compiler has it already, and knows more about it than can be said. */
static bool is_builtin(const struct c_writer *w, const struct btf_type *t)
{
	return streq(btf_image_name(w->d.img, t), "__builtin_va_list");
}

static void declare_typedef(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	auto_free char *name = NULL;
	size_t start;

	if (w->state[id] & C_NAME_DONE || w->d.err)
		return;
	w->state[id] |= C_NAME_DONE;
	if (is_builtin(w, t))
		return;
	announce(w, t->type);
	start = w->buf.len;
	c_put_name(&w->d, id, t);	/* to have it as it is to be written */
	name = w->buf.err ? NULL : strndup(w->buf.data + start, w->buf.len - start);
	w->buf.len = start;
	if (!name) {
		stop(w, id, -ENOMEM);
		return;
	}
	if (streq(name, "bool")) {
		declare_bool(w);
		return;
	}
	buf_puts(&w->buf, "typedef ");
	btf_decl_put(&w->d, t->type, name);
	buf_puts(&w->buf, ";\n\n");
}

/* It may become known by name while that which it is a name for is still being declared. */
static void need_typedef(struct c_writer *w, uint32_t id, const struct btf_type *t, bool is_full)
{
	uint8_t busy = is_full ? C_FULL_BUSY : C_NAME_BUSY;

	if (w->state[id] & busy) {
		stop(w, id, -ELOOP);
		return;
	}
	w->state[id] |= busy;
	if (!is_builtin(w, t))
		need(w, t->type, is_full);
	declare_typedef(w, id, t);
	w->state[id] |= is_full ? C_FULL_DONE : 0;
}

/* "typedef unsigned long size": a number that is none of C's own, by its size. */
static void declare_number(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	static const char *const words[] = { [1] = "char", [2] = "short", [4] = "int",
					    [8] = "long long",
					     [16] = "__int128" };
	bool is_int = btf_kind(t) == BTF_KIND_INT;
	uint32_t encoding = is_int ? btf_int_encoding(t) : 0;
	const char *name = btf_image_name(w->d.img, t);

	if (w->state[id] & C_FULL_DONE)
		return;
	w->state[id] |= C_FULL_DONE;
	if (!*name || btf_is_c_number(name) || t->size >= ARRAY_SIZE(words) || !words[t->size])
		return;
	if (btf_is_bool(w->d.img, t)) {
		declare_bool(w);
		return;
	}
	buf_puts(&w->buf, "typedef ");
	if (encoding & BTF_INT_BOOL)
		buf_puts(&w->buf, "_Bool");
	else if (!is_int && (t->size == 4 || t->size == 8))
		buf_puts(&w->buf, t->size == 4 ? "float" : "double");
	else {
		buf_puts(&w->buf, encoding & BTF_INT_SIGNED ? "signed " : "unsigned ");
		buf_puts(&w->buf, words[t->size]);
	}
	buf_putc(&w->buf, ' ');
	btf_decl_ident(&w->d, name);
	buf_puts(&w->buf, ";\n\n");
}

static void need_enum(struct c_writer *w, uint32_t id, const struct btf_type *t)
{
	w->state[id] |= C_FULL_DONE;
	if (has_name(w, t))
		declare_enum(w, id, t);
}

static bool is_done(const struct c_writer *w, uint32_t id, bool is_full)
{
	return w->state[id] & (is_full ? C_FULL_DONE : C_FULL_DONE | C_NAME_DONE);
}

static void need_kind(struct c_writer *w, uint32_t id, const struct btf_type *t, bool is_full)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		declare_number(w, id, t);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		need_record(w, id, t, is_full);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		need_enum(w, id, t);
		break;
	case BTF_KIND_TYPEDEF:
		need_typedef(w, id, t, is_full);
		break;
	case BTF_KIND_FUNC_PROTO:
		need_params(w, t);
		break;
	case BTF_KIND_ARRAY:	/* the elements, even behind a pointer */
		need(w, btf_array(t)->type, true);
		break;
	case BTF_KIND_PTR:
	case BTF_KIND_FUNC:
		need(w, t->type, false);
		break;
	case BTF_KIND_VAR:
		need(w, t->type, true);
		break;
	default:
		if (btf_is_mod(t))
			need(w, t->type, is_full);
	}
}

/*
 * References (pointers, const and the like, parameters) have states too: they are many, and bad
 * data may have them in circles.
 */
static void need(struct c_writer *w, uint32_t id, bool is_full)
{
	const struct btf_type *t = btf_image_type(w->d.img, id);
	bool has_states = t && (btf_is_composite(t) || btf_kind(t) == BTF_KIND_TYPEDEF);
	uint8_t busy = is_full ? C_FULL_BUSY : C_NAME_BUSY;

	if (!t || is_done(w, id, is_full) || !enter(w, id))
		return;
	if (!has_states && w->state[id] & busy)
		stop(w, id, -ELOOP);
	if (!has_states)
		w->state[id] |= busy;
	if (!w->d.err)
		need_kind(w, id, t, is_full);
	if (!has_states)
		w->state[id] |= is_full ? C_FULL_DONE : C_NAME_DONE;
	w->depth--;
}

void c_prepare(struct c_writer *w, uint32_t id, bool is_full)
{
	need(w, id, is_full);
	announce(w, id);
}

void c_declare(struct c_writer *w, uint32_t id)
{
	const struct btf_type *t = btf_image_type(w->d.img, id);

	if (!t || w->d.err)
		return;
	w->culprit = id;
	if (btf_is_any_enum(t) && !has_name(w, t)) {
		if (!(w->state[id] & C_FULL_DONE))
			(is_truth(w->d.img, t) ? declare_truth : declare_enum)(w, id, t);
		w->state[id] |= C_FULL_DONE;
	} else if (btf_kind(t) == BTF_KIND_FWD && has_name(w, t)) {
		put_forward(w, id, t);
	} else if (!btf_is_composite(t) || has_name(w, t)) {
		need(w, id, true);
	}
}

int c_writer_open(struct c_writer *w, const struct btf_image *img)
{
	size_t n = btf_image_end(img);
	int err = btf_sizes_open(img, &w->sizes);

	w->state = calloc(n, sizeof(*w->state));
	w->dup = calloc(n, sizeof(*w->dup));
	w->d.img = img;
	w->d.buf = &w->buf;
	w->d.mend = true;
	w->d.put_name = c_put_name;
	w->d.put_body = put_body;
	w->d.left = LEFT_MIN;
	for (const struct btf_image *i = img; i; i = i->base)
		w->d.left += 64 * ((int64_t)i->types_len + i->strs_len);
	return w->state && w->dup ? err : -ENOMEM;
}

void c_writer_close(struct c_writer *w)
{
	btf_sizes_close(&w->sizes);
	free(w->state);
	free(w->dup);
	free(w->tags.slots);
	free(w->idents.slots);
	buf_free(&w->buf);
}
