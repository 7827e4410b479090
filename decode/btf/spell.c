// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Declarations for readers (decl.c): unnamed structs are written with their members if there is
 * room.
 */
#include <errno.h>

#include "decode/btf/decl.h"
#include "decode/btf/spell.h"

#define NEST_MAX 3		/* unnamed structs nested in each other */
#define MEMBERS_MAX 12		/* of such a struct; more are not written */
#define STEPS_MAX 5000		/* and bytes, for one declaration */

struct speller {
	struct btf_decl d;	/* must be first: its hook casts it to the speller */
	unsigned int nest;
};

static void put_member(struct btf_decl *d, const struct btf_type *t, uint32_t i)
{
	const struct btf_member *m = &btf_members(t)[i];
	unsigned int n = btf_member_bitfield_size(t, i);

	btf_decl_put(d, m->type, btf_image_str(d->img, m->name_off) ?: "");
	if (n) {
		buf_puts(d->buf, " : ");
		buf_uint(d->buf, n);
	}
	buf_puts(d->buf, "; ");
}

/* No room, or an error inside: use the short form. */
static void put_members(struct speller *s, const struct btf_type *t)
{
	struct btf_decl *d = &s->d;
	unsigned int depth = d->depth;
	size_t start = d->buf->len;

	buf_puts(d->buf, "{ ");
	s->nest++;
	for (uint32_t i = 0; i < btf_items(t) && !d->err; i++)
		put_member(d, t, i);
	s->nest--;
	buf_putc(d->buf, '}');
	if (d->buf->err || d->left < 0 || (!d->err && d->buf->len < BTF_SPELL_MAX))
		return;
	d->err = 0;
	d->depth = depth;
	d->buf->len = start;
	buf_puts(d->buf, "{...}");
}

static void put_body(struct btf_decl *d, uint32_t id UNUSED, const struct btf_type *t)
{
	struct speller *s = (struct speller *)d;

	if (btf_is_composite(t) && s->nest < NEST_MAX && btf_items(t) <= MEMBERS_MAX)
		put_members(s, t);
	else
		buf_puts(d->buf, "{...}");
}

int btf_spell_decl(const struct btf_image *img, uint32_t type_id, const char *name,
		   char ret[static BTF_SPELL_MAX])
{
	struct buf b = {};
	struct speller s = {
		.d = { .img = img,
		       .buf = &b,
		       .left = STEPS_MAX,
		       .terse = true,
		       .put_body = put_body },
	};
	int err;

	if (type_id && !btf_image_type(img, type_id))
		s.d.err = -EINVAL;
	else
		btf_decl_put(&s.d, type_id, name ? name : "");
	err = s.d.err ?: b.err ?: b.len >= BTF_SPELL_MAX ? -E2BIG : 0;
	snprintf(ret, BTF_SPELL_MAX, "%.*s", err ? 0 : (int)b.len, b.data ?: "");
	buf_free(&b);
	return err;
}

int btf_spell_func(const struct btf_image *img, uint32_t func_id, char ret[static BTF_SPELL_MAX])
{
	const struct btf_type *t = btf_image_type(img, func_id);

	if (t && btf_is_func(t))
		return btf_spell_decl(img, t->type, btf_image_name(img, t), ret);
	ret[0] = '\0';
	return -EINVAL;
}
