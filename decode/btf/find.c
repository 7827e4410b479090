// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Finding types. */
#include <errno.h>

#include "cli/array.h"
#include "cli/err.h"
#include "cli/nearest.h"
#include "decode/btf/find.h"

/* The word for a kind, and whether it cannot be a type name. */
static const struct kind_word {
	const char *word;
	uint32_t kinds;			/* 1 << kind */
	bool is_keyword;
} kind_words[] = {
	{ "struct", 1 << BTF_KIND_STRUCT, true },
	{ "union", 1 << BTF_KIND_UNION, true },
	{ "enum", 1 << BTF_KIND_ENUM | 1 << BTF_KIND_ENUM64, true },
	{ "typedef", 1 << BTF_KIND_TYPEDEF, true },
	{ "func", 1 << BTF_KIND_FUNC, false },
	{ "var", 1 << BTF_KIND_VAR, false },
};

#define ANY_KIND                                                                                   \
	(1 << BTF_KIND_STRUCT | 1 << BTF_KIND_UNION | 1 << BTF_KIND_ENUM | 1 << BTF_KIND_ENUM64 |  \
	 1 << BTF_KIND_TYPEDEF | 1 << BTF_KIND_FUNC | 1 << BTF_KIND_VAR | 1 << BTF_KIND_INT |      \
	 1 << BTF_KIND_FLOAT | 1 << BTF_KIND_DATASEC)

int btf_ids_add(struct err *e, struct btf_ids *l, uint32_t id)
{
	uint32_t *ids = array_room(l->ids, l->n, &l->max, sizeof(*ids));

	if (!ids)
		return fail(e, -ENOMEM, "list types");
	l->ids = ids;
	l->ids[l->n++] = id;
	return 0;
}

bool btf_is_kind_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_words); i++)
		if (kind_words[i].is_keyword && streq(word, kind_words[i].word))
			return true;
	return false;
}

uint32_t btf_find(const struct btf_image *img, const char *name, uint32_t kinds)
{
	for (uint32_t id = 1; id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);

		if (btf_kind_in(t, kinds) && streq(btf_image_name(img, t), name))
			return id;
	}
	return 0;
}

uint32_t btf_type_by_name(const struct btf_image *img, const char *name)
{
	static const struct {
		const char *word;
		uint32_t kind;
	} kinds[] = {
		{ "struct ", BTF_KIND_STRUCT }, { "union ", BTF_KIND_UNION },
		{ "enum ", BTF_KIND_ENUM },	{ "", BTF_KIND_TYPEDEF },
		{ "", BTF_KIND_STRUCT },	{ "", BTF_KIND_UNION },
		{ "", BTF_KIND_INT },
	};
	uint32_t id = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !id; i++)
		if (has_prefix(name, kinds[i].word))
			id = btf_find(img, name + strlen(kinds[i].word), 1u << kinds[i].kind);
	return id;
}

/* "struct foo" to the kinds and "foo"; "foo" to any kind. */
static const char *split_name(const char *name, uint32_t *ret_kinds)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_words); i++) {
		size_t len = strlen(kind_words[i].word);

		if (has_prefix(name, kind_words[i].word) && name[len] == ' ' && name[len + 1]) {
			*ret_kinds = kind_words[i].kinds;
			return name + len + 1;
		}
	}
	*ret_kinds = ANY_KIND;
	return name;
}

static const char *word_of_kind(const struct btf_type *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_words); i++)
		if (btf_kind_in(t, kind_words[i].kinds))
			return kind_words[i].word;
	return "type";
}

/* Another kind with that name, or a similar name. */
static int not_found(struct err *e, const struct btf_image *img, const char *full, const char *name)
{
	struct nearest near = { .word = name };
	int err = fail_msg(e, -ENOENT, "no type named '%s'", full);

	for (uint32_t id = 1; id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);
		const char *other = btf_image_name(img, t);

		if (!btf_kind_in(t, ANY_KIND) || !*other)
			continue;
		if (streq(other, name)) {
			err_hint(e, "a %s has that name", word_of_kind(t));
			return err;
		}
		nearest_try(&near, other);
	}
	if (near.best)
		err_hint(e, "did you mean '%s'?", near.best);
	return err;
}

int btf_find_by_name(struct err *e, const struct btf_image *img, const char *full,
		     struct btf_ids *l)
{
	uint32_t kinds, forward = 0;
	const char *name = split_name(full, &kinds);
	bool is_there = false;
	int err = 0;

	for (uint32_t id = 1; !err && *name && id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);
		bool is_fwd = btf_is_fwd(t);
		uint32_t its = btf_kflag(t) ? 1u << BTF_KIND_UNION : 1u << BTF_KIND_STRUCT;

		if (!(is_fwd ? its & kinds : btf_kind_in(t, kinds)) || !t->name_off ||
		    !streq(btf_image_name(img, t), name))
			continue;
		if (is_fwd) {
			forward = forward ? forward : id;
			continue;
		}
		is_there = true;
		err = btf_ids_add(e, l, id);
	}
	if (err || is_there)
		return err;
	return forward ? btf_ids_add(e, l, forward) : not_found(e, img, full, name);
}

/* The list as a set while it grows: types that were found but not visited are on a stack. */
struct closure {
	uint8_t *met;
	uint32_t *stack;
	size_t n;
};

static int meet(void *ctx, const uint32_t *ref)
{
	struct closure *c = ctx;

	if (!*ref || c->met[*ref])
		return 0;
	c->met[*ref] = 1;
	c->stack[c->n++] = *ref;
	return 0;
}

int btf_closure(struct err *e, const struct btf_image *img, struct btf_ids *l)
{
	uint32_t end = btf_image_end(img);
	auto_free uint8_t *met = calloc(end, 1);
	auto_free uint32_t *stack = malloc(end * sizeof(*stack));
	struct closure c = { .met = met, .stack = stack };
	size_t n = 0;

	if (!met || !stack)
		return fail(e, -ENOMEM, "list types");
	for (size_t i = 0; i < l->n; i++)
		meet(&c, &l->ids[i]);
	while (c.n)
		btf_type_refs(btf_image_type(img, stack[--c.n]), meet, &c);
	for (uint32_t id = 1; id < end; id++)
		if (met[id])
			stack[n++] = id;
	free(l->ids);
	*l = (struct btf_ids){ .ids = take_ptr(stack), .n = n, .max = end };
	return 0;
}

int btf_ids_unique(struct err *e, const struct btf_image *img, struct btf_ids *l)
{
	auto_free uint8_t *met = calloc(btf_image_end(img), 1);
	size_t n = 0;

	if (!met)
		return fail(e, -ENOMEM, "list types");
	for (size_t i = 0; i < l->n; i++) {
		if (met[l->ids[i]])
			continue;
		met[l->ids[i]] = 1;
		l->ids[n++] = l->ids[i];
	}
	l->n = n;
	return 0;
}
