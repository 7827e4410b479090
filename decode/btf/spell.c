// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * C's declarations are read from the name outwards, so they are composed in two passes: what stands left
 * of the name, from the innermost type out, then what stands right of it on the way back.
 */
#include <errno.h>

#include <bpf/btf.h>

#include "decode/btf/spell.h"

#define DEPTH_MAX 48		/* chains of modifiers, pointers, arrays, functions */
#define NEST_MAX 3		/* structs without a name in one another */
#define MEMBERS_MAX 12		/* of such a struct; more are not written out */
#define STEPS_MAX 5000		/* types looked at for one declaration */

struct decl {
	const struct btf *btf;
	char *buf;
	size_t len;
	unsigned int depth, nest, steps;
	int err;		/* sticks: what follows is not written */
};

static void put(struct decl *d, const char *s)
{
	size_t n = strlen(s);

	if (n >= BTF_SPELL_MAX - d->len && !d->err)
		d->err = -E2BIG;
	if (d->err)
		return;
	memcpy(d->buf + d->len, s, n + 1);
	d->len += n;
}

/* Between a word and what follows it; nothing after "*" and "(". */
static void put_blank(struct decl *d)
{
	if (d->len && !strchr(" *(", d->buf[d->len - 1]))
		put(d, " ");
}

static void put_word(struct decl *d, const char *word)
{
	put_blank(d);
	put(d, word);
}

static const char *name_at(const struct decl *d, uint32_t off)
{
	return btf__str_by_offset(d->btf, off) ?: "";
}

static const struct btf_type *enter(struct decl *d, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(d->btf, id);

	if ((!t || d->depth == DEPTH_MAX) && !d->err)
		d->err = -EINVAL;
	if (++d->steps > STEPS_MAX)
		d->err = -E2BIG;
	if (d->err)
		return NULL;
	d->depth++;
	return t;
}

static void declare(struct decl *d, uint32_t id, const char *name);

static void put_members(struct decl *d, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);
	struct decl start = *d;
	char bits[16];

	put(d, " { ");
	d->nest++;
	for (unsigned int i = 0; i < btf_vlen(t) && !d->err; i++) {
		unsigned int n = btf_member_bitfield_size(t, i);

		declare(d, m[i].type, name_at(d, m[i].name_off));
		snprintf(bits, sizeof(bits), " : %u", n);
		put(d, n ? bits : "");
		put(d, "; ");
	}
	d->nest--;
	put(d, "}");
	/* No room, or something wrong within: from here on it is the short form. */
	if (d->err && d->steps <= STEPS_MAX) {
		start.steps = d->steps;
		*d = start;
		d->buf[d->len] = '\0';
		put(d, " {...}");
	}
}

static void put_composite(struct decl *d, const char *word, const struct btf_type *t)
{
	const char *name = name_at(d, t->name_off);

	put_word(d, word);
	if (*name)
		put_word(d, name);
	else if (btf_is_composite(t) && d->nest < NEST_MAX && btf_vlen(t) <= MEMBERS_MAX)
		put_members(d, t);
	else
		put(d, " {...}");
}

static void put_named(struct decl *d, const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
		put_word(d, name_at(d, t->name_off));
		break;
	case BTF_KIND_STRUCT:
		put_composite(d, "struct", t);
		break;
	case BTF_KIND_UNION:
		put_composite(d, "union", t);
		break;
	case BTF_KIND_FWD:
		put_composite(d, btf_kflag(t) ? "union" : "struct", t);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		put_composite(d, "enum", t);
		break;
	default:
		d->err = d->err ? d->err : -EINVAL;
	}
}

static const char *qualifier(const struct btf_type *t)
{
	return btf_is_const(t) ? "const" : btf_is_volatile(t) ? "volatile" : "restrict";
}

/* Past qualifiers and tags; *id is where the chain ends. NULL: broken. */
static const struct btf_type *skip_qualifiers(const struct btf *btf, uint32_t *id)
{
	const struct btf_type *t = btf__type_by_id(btf, *id);

	for (unsigned int i = 0; t && *id && btf_is_mod(t); i++) {
		if (i == DEPTH_MAX)
			return NULL;
		*id = t->type;
		t = btf__type_by_id(btf, *id);
	}
	return t;
}

static bool is_suffixed(const struct btf_type *t)
{
	return btf_is_array(t) || btf_is_func_proto(t);
}

/* What is pointed to needs parentheses when it goes on to the right of the name. */
static bool needs_parens(const struct decl *d, uint32_t id)
{
	const struct btf_type *t = skip_qualifiers(d->btf, &id);

	return t && id && is_suffixed(t);
}

/*
 * Qualifiers of a pointer stand after its asterisk, others before the type. Those of arrays belong to
 * the elements.
 */
static void put_left(struct decl *d, uint32_t id)
{
	const struct btf_type *t = enter(d, id), *inner;

	if (!t)
		return;
	if (!id) {
		put_word(d, "void");
	} else if (btf_is_type_tag(t)) {
		put_left(d, t->type);
	} else if (btf_is_mod(t)) {
		uint32_t inner_id = t->type;

		inner = skip_qualifiers(d->btf, &inner_id);
		if (inner && inner_id && btf_is_ptr(inner)) {
			put_left(d, t->type);
			put_word(d, qualifier(t));
		} else {
			put_word(d, qualifier(t));
			put_left(d, t->type);
		}
	} else if (btf_is_ptr(t)) {
		put_left(d, t->type);
		put_blank(d);
		put(d, needs_parens(d, t->type) ? "(*" : "*");
	} else if (btf_is_array(t)) {
		put_left(d, btf_array(t)->type);
	} else if (btf_is_func_proto(t)) {
		put_left(d, t->type);
	} else {
		put_named(d, t);
	}
	d->depth--;
}

static void put_params(struct decl *d, const struct btf_type *proto)
{
	const struct btf_param *p = btf_params(proto);
	unsigned int n = btf_vlen(proto);

	put(d, "(");
	if (!n)
		put(d, "void");
	for (unsigned int i = 0; i < n && !d->err; i++) {
		put(d, i ? ", " : "");
		if (i + 1 == n && !p[i].type)
			put(d, "...");
		else
			declare(d, p[i].type, name_at(d, p[i].name_off));
	}
	put(d, ")");
}

static void put_right(struct decl *d, uint32_t id)
{
	const struct btf_type *t = enter(d, id);
	char len[16];

	if (!t)
		return;
	if (!id) {
		/* void goes on nowhere */
	} else if (btf_is_mod(t)) {
		put_right(d, t->type);
	} else if (btf_is_ptr(t)) {
		put(d, needs_parens(d, t->type) ? ")" : "");
		put_right(d, t->type);
	} else if (btf_is_array(t)) {
		snprintf(len, sizeof(len), "[%u]", btf_array(t)->nelems);
		put(d, len);
		put_right(d, btf_array(t)->type);
	} else if (btf_is_func_proto(t)) {
		put_params(d, t);
		put_right(d, t->type);
	}
	d->depth--;
}

static void declare(struct decl *d, uint32_t id, const char *name)
{
	put_left(d, id);
	if (*name)
		put_word(d, name);
	put_right(d, id);
}

static int finish(const struct decl *d)
{
	if (d->err)
		d->buf[0] = '\0';
	return d->err;
}

int btf_spell_decl(const struct btf *btf, uint32_t type_id, const char *name, char buf[static BTF_SPELL_MAX])
{
	struct decl d = { .btf = btf, .buf = buf };

	buf[0] = '\0';
	declare(&d, type_id, name ? name : "");
	return finish(&d);
}

int btf_spell_func(const struct btf *btf, uint32_t func_id, char buf[static BTF_SPELL_MAX])
{
	const struct btf_type *t = btf__type_by_id(btf, func_id);

	if (!t || !btf_is_func(t)) {
		buf[0] = '\0';
		return -EINVAL;
	}
	return btf_spell_decl(btf, t->type, name_at(&(struct decl){ .btf = btf }, t->name_off), buf);
}
