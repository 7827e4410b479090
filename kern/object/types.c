// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The kernel returns the bytes; they are used in place. */
#include "kern/object/types.h"

#include <errno.h>

#include "cli/err.h"
#include "kern/kernel.h"
#include "kern/object/obj.h"

static int read_info(int fd, struct bpf_btf_info *ret, char name[static NAME_MAX + 1])
{
	*ret = (struct bpf_btf_info){ .name = ptr_to_u64(name), .name_len = NAME_MAX };
	memset(name, 0, NAME_MAX + 1);
	return obj_info(fd, ret, sizeof(*ret));
}

/* After read_info(), which returns how many bytes there are. */
static int read_data(int fd, struct bpf_btf_info *info, void **ret)
{
	auto_free void *data = malloc((size_t)info->btf_size + 1);
	struct bpf_btf_info get = { .btf = ptr_to_u64(data), .btf_size = info->btf_size };
	int err = data ? obj_info(fd, &get, sizeof(get)) : -ENOMEM;

	if (err)
		return err;
	if (get.btf_size < info->btf_size)
		info->btf_size = get.btf_size;
	*ret = take_ptr(data);
	return 0;
}

int types_read(int fd, struct bpf_btf_info *ret_info, char name[static NAME_MAX + 1],
	       void **ret_data)
{
	int err = read_info(fd, ret_info, name);

	return err ?: read_data(fd, ret_info, ret_data);
}

int types_of_kernel(struct ctx *ctx, struct types **ret)
{
	int err = 0;
	const struct btf_image *img = kernel_btf(ctx, &err);
	struct types *t = img ? calloc(1, sizeof(*t)) : NULL;

	if (!t)
		return err ?: -ENOMEM;
	t->img = *img;
	t->is_kernel = true;
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
	struct bpf_btf_info info;
	char name[NAME_MAX + 1];
	int err = fd < 0 ? fd : read_info(fd, &info, name);

	if (err)
		return err;
	if (ctx && streq(name, "vmlinux"))
		return types_of_kernel(ctx, ret);
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->is_kernel = info.kernel_btf;
	err = read_data(fd, &info, &t->data);
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
