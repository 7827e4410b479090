// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Libbpf fetches the bytes, and keeps the kernel's own for the run; they are read where they lie.
 */
#include "load/types.h"

#include <errno.h>

#include "cli/ctx.h"
#include "kern/kernel.h"
#include "kern/object/obj.h"

static int open_image(const struct btf *btf, const struct btf_image *base, struct btf_image *ret)
{
	struct err why = {};
	uint32_t len = 0;
	const void *data = btf__raw_data(btf, &len);
	int err = data ? btf_image_open_split(&why, data, len, base, ret) : -ENOMEM;

	err_clear(&why);
	return err;
}

/* own: takes it over, in any case. */
static int open_types(const struct btf *btf, struct btf *own, struct types **ret)
{
	const struct btf *base = btf__base_btf(btf);
	auto_btf_types struct types *t = calloc(1, sizeof(*t));
	int err = 0;

	if (!t) {
		btf__free(own);
		return -ENOMEM;
	}
	t->own = own;
	if (base)
		err = open_image(base, NULL, &t->base);
	err = err ?: open_image(btf, base ? &t->base : NULL, &t->img);
	if (!err)
		*ret = take_ptr(t);
	return err;
}

int types_of(const struct btf *btf, struct types **ret)
{
	return open_types(btf, NULL, ret);
}

int types_by_id(struct ctx *ctx, uint32_t id, struct types **ret)
{
	struct btf *btf;
	int err = obj_btf_by_id(ctx, id, &btf);

	return err ?: open_types(btf, btf, ret);
}

int types_of_kernel(struct ctx *ctx, struct types **ret)
{
	int err = 0;
	const struct btf *btf = kernel_btf(ctx, &err);

	return err ?: open_types(btf, NULL, ret);
}

int types_of_kernel_id(struct ctx *ctx, uint32_t id, struct types **ret)
{
	const struct btf *btf;
	struct btf *own;
	int err = obj_kernel_btf_by_id(ctx, id, &own, &btf);

	return err ?: open_types(btf, own, ret);
}

void types_free(struct types *t)
{
	if (!t)
		return;
	btf_image_close(&t->img);
	btf_image_close(&t->base);
	btf__free(t->own);
	free(t);
}
