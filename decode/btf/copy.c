// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The image knows which words of a type are ids or offsets. */
#include "decode/btf/copy.h"

#include <errno.h>

#include "cli/err.h"

static int replace_id(void *ctx, const uint32_t *ref)
{
	const struct btf_numbers *n = ctx;

	*(uint32_t *)ref = n->id(n->ctx, *ref);
	return 0;
}

static int replace_name(void *ctx, const uint32_t *ref)
{
	const struct btf_numbers *n = ctx;

	*(uint32_t *)ref = n->name(n->ctx, *ref);
	return 0;
}

void btf_copy_replace(struct buf *b, size_t at, const struct btf_numbers *n)
{
	const struct btf_type *t = (const void *)(b->data + at);

	if (b->err)
		return;
	btf_type_names(t, replace_name, (void *)n);
	btf_type_refs(t, replace_id, (void *)n);
}

void btf_copy_type(struct buf *b, const struct btf_image *img, const struct btf_type *t,
		   const struct btf_numbers *n)
{
	size_t at = b->len;

	buf_put(b, t, btf_type_len(img, t));
	btf_copy_replace(b, at, n);
}

/* --- the sections around the types --- */

static int add_kind(struct err *e, struct btf_copy_layout *l, uint32_t kind,
		    const struct btf_kind_len *its)
{
	struct btf_kind_len *known = &l->kinds[kind];

	/* Entries of kinds that nobody described yet are those that are not. */
	for (; l->n <= kind; l->n++)
		l->kinds[l->n] = btf_kind_len_known(l->n);
	if (!known->info_size && !known->elem_size)
		*known = *its;
	if ((its->info_size || its->elem_size) &&
	    (its->info_size != known->info_size || its->elem_size != known->elem_size))
		return fail_msg(e, -EINVAL, "BTF to be combined describes kind %u differently",
				kind);
	return 0;
}

int btf_copy_layout_add(struct err *e, struct btf_copy_layout *l, const struct btf_image *img)
{
	int err = 0;

	for (; img; img = img->base)
		for (uint32_t k = 0; !err && k < img->n_layout && k < BTF_N_KINDS; k++)
			err = add_kind(e, l, k, &img->layout[k]);
	return err;
}

static size_t header_len(const struct btf_copy_layout *l)
{
	return sizeof(struct btf_head) + (l->n ? sizeof(struct btf_head_layout) : 0);
}

void btf_copy_begin(struct buf *b, const struct btf_copy_layout *l)
{
	buf_fill(b, 0, header_len(l));
}

void btf_copy_end(struct buf *b, const struct btf_copy_layout *l, size_t strs_len)
{
	struct btf_head h = { .magic = BTF_MAGIC, .version = BTF_VERSION,
				.str_len = (uint32_t)strs_len };
	struct btf_head_layout at = { .len = l->n * sizeof(l->kinds[0]) };

	h.hdr_len = (uint32_t)header_len(l);
	h.type_len = at.off = (uint32_t)(b->len - h.hdr_len);
	h.str_off = h.type_len + at.len;
	buf_put(b, l->kinds, at.len);
	if (b->err)
		return;
	memcpy(b->data, &h, sizeof(h));
	if (l->n)
		memcpy(b->data + sizeof(h), &at, sizeof(at));
}
