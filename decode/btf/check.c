// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Validation of references, names and chains. btf_image_open() has checked that the types lie
 * within the data.
 */
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/image.h"
#include "decode/btf/limits.h"

struct check {
	struct err *e;
	const struct btf_image *img;
	uint32_t id;
};

static int check_ref(void *ctx, const uint32_t *ref)
{
	const struct check *c = ctx;
	uint32_t end = btf_image_end(c->img);

	if (*ref < end)
		return 0;
	return fail_msg(c->e, -EINVAL, "BTF type %u refers to type %u, but there are only %u",
			c->id, *ref, end - 1);
}

static int check_name(void *ctx, const uint32_t *ref)
{
	const struct check *c = ctx;

	if (*ref - c->img->first_str < c->img->strs_len || btf_image_str(c->img, *ref))
		return 0;
	return fail_msg(c->e, -EINVAL,
			"BTF type %u has a name beyond the end of the strings (offset %u)", c->id,
			*ref);
}

int btf_image_check(struct err *e, const struct btf_image *img)
{
	struct check c = { .e = e, .img = img, .id = img->first_id };
	int err = 0;

	for (; !err && c.id - img->first_id < img->n_types; c.id++) {
		const struct btf_type *t = btf_image_type(img, c.id);

		err = btf_type_refs(t, check_ref, &c);
		err = err ?: btf_type_names(t, check_name, &c);
	}
	return err;
}

static int check_name_len(void *ctx, const uint32_t *ref)
{
	const struct check *c = ctx;

	if (strnlen(btf_image_str(c->img, *ref), BTF_NAME_MAX) < BTF_NAME_MAX)
		return 0;
	return fail_msg(c->e, -EINVAL, "BTF type %u has a name of more than %d bytes", c->id,
			BTF_NAME_MAX - 1);
}

static int check_chain(const struct check *c)
{
	const struct btf_type *t = btf_image_type(c->img, c->id);

	for (int n = 0; t && (btf_is_mod(t) || btf_is_typedef(t)); n++) {
		if (n == BTF_CHAIN_STRICT)
			return fail_msg(c->e, -ELOOP,
					"BTF type %u has more than %d modifiers in a row", c->id,
					BTF_CHAIN_STRICT);
		t = btf_image_type(c->img, t->type);
	}
	return 0;
}

static int check_func(const struct check *c, const struct btf_type *t)
{
	const struct btf_type *proto = btf_is_func(t) ? btf_image_type(c->img, t->type) : NULL;

	if (!btf_is_func(t) || (proto && btf_is_func_proto(proto)))
		return 0;
	return fail_msg(c->e, -EINVAL, "BTF type %u is a function without a prototype", c->id);
}

int btf_image_check_strict(struct err *e, const struct btf_image *img)
{
	struct check c = { .e = e, .img = img, .id = img->first_id };
	int err = btf_image_check(e, img);

	for (; !err && c.id - img->first_id < img->n_types; c.id++) {
		const struct btf_type *t = btf_image_type(img, c.id);

		err = btf_type_names(t, check_name_len, &c);
		err = err ?: check_func(&c, t);
		err = err ?: check_chain(&c);
	}
	return err;
}
