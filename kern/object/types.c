// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The kernel returns the bytes; they are used in place. */
#include "kern/object/types.h"

#include <errno.h>

#include "cli/err.h"
#include "kern/kernel.h"
#include "kern/object/obj.h"

/* Two calls: the first returns the size, the second the bytes. */
int types_read(int fd, struct bpf_btf_info *ret_info, char name[static NAME_MAX + 1],
	       void **ret_data)
{
	struct bpf_btf_info info = {};
	int err = obj_info(fd, &info, sizeof(info));
	uint32_t len = info.btf_size;
	auto_free void *data = err ? NULL : malloc((size_t)len + 1);

	if (err)
		return err;
	if (!data)
		return -ENOMEM;
	info = (struct bpf_btf_info){ .btf = ptr_to_u64(data), .btf_size = len,
				      .name = ptr_to_u64(name), .name_len = NAME_MAX };
	name[0] = '\0';
	err = obj_info(fd, &info, sizeof(info));
	if (err)
		return err;
	if (info.btf_size > len)
		info.btf_size = len;
	*ret_info = info;
	*ret_data = take_ptr(data);
	return 0;
}

int types_of_kernel(struct ctx *ctx, struct types **ret)
{
	int err = 0;
	const struct btf_image *img = kernel_btf(ctx, &err);
	struct types *t = img ? calloc(1, sizeof(*t)) : NULL;

	if (!t)
		return err ?: -ENOMEM;
	t->img = *img;
	*ret = t;
	return 0;
}

static int open_types(struct ctx *ctx, const struct bpf_btf_info *info, void *data,
		      struct types *ret)
{
	const struct btf_image *base = NULL;
	struct err why = {};
	int err = 0;

	/* A module's BTF is split BTF on the kernel's. */
	if (ctx && info->kernel_btf && !btf_image_is_whole(data, info->btf_size)) {
		base = kernel_btf(ctx, &err);
		if (!base)
			return err;
	}
	err = btf_image_open_split(&why, data, info->btf_size, base, &ret->img);
	err_clear(&why);
	return err;
}

int types_by_id(struct ctx *ctx, uint32_t id, struct types **ret)
{
	auto_close int fd = bpf_btf_get_fd_by_id(id);
	auto_btf_types struct types *t = NULL;
	struct bpf_btf_info info = {};
	char name[NAME_MAX + 1] = "";
	struct obj_label label = {};
	int err = fd < 0 ? fd : obj_btf.read_label(fd, &label);

	if (err)
		return err;
	if (ctx && streq(label.name, "vmlinux"))
		return types_of_kernel(ctx, ret);
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	err = types_read(fd, &info, name, &t->data);
	err = err ?: open_types(ctx, &info, t->data, t);
	if (!err)
		*ret = take_ptr(t);
	return err;
}

const char *types_func_name(const struct btf_image *img, uint32_t id)
{
	const struct btf_type *t = btf_image_type(img, id);

	return t && btf_is_func(t) ? btf_image_name(img, t) : NULL;
}

bool types_is_func_ptr(const struct btf_image *img, uint32_t id)
{
	const struct btf_type *t = btf_skip(img, BTF_MODS, &id);

	t = t && btf_is_ptr(t) ? btf_image_type(img, t->type) : NULL;
	return t && btf_is_func_proto(t);
}

void types_free(struct types *t)
{
	if (!t)
		return;
	if (t->data)
		btf_image_close(&t->img);
	free(t->data);
	free(t);
}
