// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map create ... key_type T value_type T from FILE: types for a map that no object file declares. Those
 * that are named are picked out of the file's BTF, and given to the kernel without the rest.
 */
#include <bpf/btf.h>
#include <errno.h>

#include "load/btf_source.h"
#include "decode/btf/pick.h"
#include "decode/btf/raw.h"
#include "kern/abi.h"
#include "kern/kernel.h"
#include "kern/object/obj.h"
#include "kern/object/token.h"
#include "map/create.h"

/* Where types are looked for. */
struct origin {
	const struct btf *btf;
	struct btf *own;		/* owned; NULL: it is the kernel's */
	const char *name;
};

void map_types_free(struct map_types *t)
{
	if (t->owns_fd)
		close(t->btf_fd);
	t->owns_fd = false;
	btf__free(take_ptr(t->btf));
}

/* libbpf follows references without looking: they are checked before it sees them. */
static int parse_source(struct ctx *ctx, const struct btf_source *src, struct origin *ret)
{
	struct btf_image img = {};
	int err;

	if (src->base.data)
		return fail_msg(ctx->err, -EOPNOTSUPP, "'%s' is BTF that needs another's: types are not taken from it",
				ret->name);
	err = btf_image_open(ctx->err, src->own.data, src->own.len, &img);
	if (!err)
		err = btf_image_check(ctx->err, &img);
	btf_image_close(&img);
	if (err)
		return err;
	ret->btf = ret->own = btf__new(src->own.data, (uint32_t)src->own.len);
	return ret->own ? 0 : fail(ctx->err, -errno, "read the BTF of '%s'", ret->name);
}

static int open_origin(struct ctx *ctx, const char *from, struct origin *ret)
{
	struct btf_source src = {};
	int err = 0;

	ret->name = from ? from : "vmlinux";
	if (streq(ret->name, "vmlinux")) {
		ret->btf = kernel_btf(ctx, &err);
		return err ? fail(ctx->err, err, "read the kernel's BTF") : 0;
	}
	err = btf_source_files(ctx, &from, 1, &src);
	if (!err)
		err = parse_source(ctx, &src, ret);
	btf_source_close(&src);
	return err;
}

static int find_id(struct ctx *ctx, const struct origin *from, const char *name, uint32_t *ret)
{
	int id = btf_type_by_name(from->btf, name);

	if (id > 0) {
		*ret = (uint32_t)id;
		return 0;
	}
	fail_msg(ctx->err, -ENOENT, "there is no type '%s' in %s", name, from->name);
	err_hint(ctx->err, "say 'struct NAME', 'union NAME', 'enum NAME', the name of a typedef, or as 'btf dump' says: "
		 "'unsigned int'");
	return -ENOENT;
}

/* These have one type of key only. */
static bool key_is_int(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case ABI_MAP_TYPE_CGRP_STORAGE:
		return true;
	default:
		return false;
	}
}

static int size_of(struct ctx *ctx, const struct btf *btf, uint32_t id, const char *what, uint32_t *size)
{
	int64_t len = btf__resolve_size(btf, id);

	if (len <= 0 || len > UINT32_MAX)
		return fail_msg(ctx->err, -EINVAL, "%s_type has no size", what);
	if (*size && *size != len)
		return fail_msg(ctx->err, -EINVAL, "%s %u: %s_type is %lld bytes long", what, *size, what, (long long)len);
	*size = (uint32_t)len;
	return 0;
}

/* Both types in BTF of their own. */
static int pick(struct ctx *ctx, const struct origin *from, const struct map_create_args *a, uint32_t map_type,
		struct map_types *t)
{
	uint32_t ids[2] = {}, new_ids[2] = {};
	int err = find_id(ctx, from, a->value_type, &ids[0]), n = 0;

	if (!err && a->key_type)
		err = find_id(ctx, from, a->key_type, &ids[1]);
	if (err)
		return err;
	err = btf_extract(from->btf, ids, a->key_type ? 2 : 1, &t->btf, new_ids);
	if (!err && !a->key_type && key_is_int(map_type)) {
		n = btf__add_int(t->btf, "int", sizeof(int), BTF_INT_SIGNED);
		new_ids[1] = n > 0 ? (uint32_t)n : 0;
	}
	if (err || n < 0)
		return fail(ctx->err, err ? err : n, "take the types out of %s", from->name);
	t->value_id = new_ids[0];
	t->key_id = new_ids[1];
	return 0;
}

static int load_types(struct ctx *ctx, struct map_types *t, int token_fd)
{
	const void *data;
	uint32_t len;
	int err;

	if (token_fd < 0) {
		err = btf__load_into_kernel(t->btf);
		t->btf_fd = btf__fd(t->btf);
		return err ? fail(ctx->err, err, "load BTF of the map's types") : 0;
	}
	data = btf__raw_data(t->btf, &len);
	t->btf_fd = data ? token_btf_load(data, len, token_fd) : -ENOMEM;
	t->owns_fd = t->btf_fd >= 0;
	return t->owns_fd ? 0 : fail(ctx->err, t->btf_fd, "load BTF of the map's types");
}

int map_types_load(struct ctx *ctx, const struct map_create_args *a, uint32_t map_type, int token_fd,
		   struct map_types *ret)
{
	struct origin from = {};
	int err;

	*ret = (struct map_types){ .key_size = a->key_size, .value_size = a->value_size };
	if (!a->value_type && (a->key_type || a->from))
		return fail_usage(ctx->err, "'%s' needs 'value_type'", a->key_type ? "key_type" : "from");
	if (!a->value_type)
		return 0;
	err = open_origin(ctx, a->from, &from);
	if (!err)
		err = pick(ctx, &from, a, map_type, ret);
	btf__free(from.own);
	if (!err)
		err = size_of(ctx, ret->btf, ret->value_id, "value", &ret->value_size);
	if (!err && ret->key_id)
		err = size_of(ctx, ret->btf, ret->key_id, "key", &ret->key_size);
	return err ? err : load_types(ctx, ret, token_fd);
}
