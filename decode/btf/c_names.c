// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Names in a header: BTF may have different types with the same name, C may not. Later ones are
 * named name___2 and so on, which CO-RE treats as the same name.
 */
#include <errno.h>

#include "decode/btf/c_int.h"

#define NAME_MAX_LEN 512 /* no compiler generates longer names; these are treated as equal */

static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (int i = 0; i < NAME_MAX_LEN && s[i]; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static struct c_name *slot_of(struct c_name *slots, size_t cap, const char *name)
{
	size_t at = hash_of(name) & (cap - 1);

	while (slots[at].name && slots[at].name != name &&
	       strncmp(slots[at].name, name, NAME_MAX_LEN))
		at = (at + 1) & (cap - 1);
	return &slots[at];
}

static bool make_room(struct c_names *names)
{
	size_t cap = names->cap ? 2 * names->cap : 4096;
	struct c_name *slots;

	if (2 * names->used < names->cap)
		return true;
	slots = calloc(cap, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < names->cap; i++)
		if (names->slots[i].name)
			*slot_of(slots, cap, names->slots[i].name) = names->slots[i];
	free(names->slots);
	names->slots = slots;
	names->cap = cap;
	return true;
}

/* NULL if out of memory; this error is kept. */
static struct c_name *find_name(struct c_writer *w, struct c_names *names, const char *name)
{
	struct c_name *slot;

	if (!make_room(names)) {
		w->d.err = w->d.err ?: -ENOMEM;
		return NULL;
	}
	slot = slot_of(names->slots, names->cap, name);
	if (!slot->name) {
		slot->name = name;
		names->used++;
	}
	return slot;
}

/*
 * Forward declarations have no number, unless the name belongs to something of another kind: then
 * they count as another type with this name.
 */
static uint32_t tag_number(struct c_writer *w, const struct btf_type *t)
{
	struct c_name *n = find_name(w, &w->tags, btf_image_name(w->d.img, t));
	bool is_fwd = btf_kind(t) == BTF_KIND_FWD;
	uint32_t kind = btf_kind(t);

	if (!n)
		return 1;
	if (is_fwd)
		kind = btf_kflag(t) ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	if (kind == BTF_KIND_ENUM64)
		kind = BTF_KIND_ENUM;
	if (is_fwd && (!n->kind || n->kind == kind)) {
		n->kind = kind;
		return 1;
	}
	if (!n->n && n->kind &&
	    n->kind != kind) /* the first was a forward declaration of something else */
		n->n = 1;
	n->kind = n->kind ?: kind;
	return ++n->n;
}

static uint32_t number_of(struct c_writer *w, const struct btf_type *t)
{
	struct c_name *n;

	if (btf_kind(t) != BTF_KIND_TYPEDEF)
		return tag_number(w, t);
	n = find_name(w, &w->idents, btf_image_name(w->d.img, t));
	return n ? ++n->n : 1;
}

/* keep: even if it is a keyword. */
static void put_numbered(struct c_writer *w, const char *name, uint32_t n, bool keep)
{
	if (n <= 1 && !keep) {
		btf_decl_ident(&w->d, name);
		return;
	}
	btf_put_ident(&w->buf, name);
	if (n <= 1)
		return;
	buf_puts(&w->buf, "___");
	buf_uint(&w->buf, n);
}

void c_put_name(struct btf_decl *d, uint32_t id, const struct btf_type *t)
{
	struct c_writer *w = (struct c_writer *)d;

	if (!w->dup[id])
		w->dup[id] = number_of(w, t);
	put_numbered(w, btf_image_name(d->img, t), w->dup[id], btf_is_bool(d->img, t));
}

void c_put_value_name(struct c_writer *w, const char *name, bool keep)
{
	struct c_name *n = find_name(w, &w->idents, name);

	if (n)
		put_numbered(w, name, ++n->n, keep);
}

void c_reserve(struct c_writer *w, const char *name)
{
	struct c_name *n = find_name(w, &w->idents, name);

	if (n && !n->n)
		n->n = 1;
}
