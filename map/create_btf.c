// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map create ... key_type T value_type T from FILE: types for a map that no object file
 * declares. The named types are extracted from the file's BTF, and loaded into the kernel without
 * the rest.
 */
#include <errno.h>

#include "decode/btf/abi.h"
#include "load/btf_source.h"
#include "decode/btf/find.h"
#include "decode/btf/plain.h"
#include "decode/btf/subset.h"
#include "kern/abi.h"
#include "kern/object/obj.h"
#include "kern/object/token.h"
#include "map/create.h"

void map_types_free(struct map_types *t)
{
	if (t->owns_fd)
		close(t->btf_fd);
	t->owns_fd = false;
	btf__free(take_ptr(t->btf));
}

/* Where to look up types; from: a file, or "vmlinux". */
static int open_origin(struct ctx *ctx, const char *from, struct btf_source *ret)
{
	int err = streq(from, "vmlinux") ? btf_source_kernel(ctx, ret)
					 : btf_source_files(ctx, &from, 1, ret);

	if (!err && ret->base.data)
		err = fail_msg(ctx->err, -EOPNOTSUPP,
			       "'%s' is split BTF: types cannot be taken from it", from);
	err = err ?: btf_source_view(ctx, ret);
	return err ?: btf_source_check(ctx, ret);
}

static int find_id(struct ctx *ctx, const struct btf_image *img, const char *from, const char *name,
		   uint32_t *ret)
{
	*ret = btf_type_by_name(img, name);
	if (*ret)
		return 0;
	fail_msg(ctx->err, -ENOENT, "no type '%s' in %s", name, from);
	err_hint(ctx->err, "use 'struct NAME', 'union NAME', 'enum NAME', a typedef's name, or a "
			   "base type as in 'btf dump': 'unsigned int'");
	return -ENOENT;
}

/* These have a fixed key type. */
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

static int size_of(struct ctx *ctx, const struct btf *btf, uint32_t id, const char *what,
		   uint32_t *size)
{
	int64_t len = btf__resolve_size(btf, id);

	if (len <= 0 || len > UINT32_MAX)
		return fail_msg(ctx->err, -EINVAL, "%s_type has no size", what);
	if (*size && *size != len)
		return fail_msg(ctx->err, -EINVAL, "%s %u: %s_type is %lld bytes long", what, *size,
				what, (long long)len);
	*size = (uint32_t)len;
	return 0;
}

/* In the form that every kernel and libbpf reads: only large enums lose something. */
static int write_plain(struct ctx *ctx, struct btf_subset *set, struct buf *b)
{
	uint32_t n_simpler;
	struct btf_image img = {};
	struct buf all = {};
	int err = btf_subset_write(ctx->err, set, 0, &all);

	err = err ?: btf_image_open(ctx->err, all.data, all.len, &img);
	err = err ?: btf_put_plain(ctx->err, &img, b, &n_simpler);
	if (!err && b->err)
		err = fail(ctx->err, b->err, "write the types that were taken");
	btf_image_close(&img);
	buf_free(&all);
	return err;
}

/* The subset as a libbpf object, to which a type can be added. */
static int write_subset(struct ctx *ctx, struct btf_subset *set, struct btf **ret)
{
	struct buf b = {};
	int err = write_plain(ctx, set, &b);

	if (!err) {
		*ret = btf__new(b.data, (uint32_t)b.len);
		err = *ret ? 0 : fail(ctx->err, -errno, "read the types that were taken");
	}
	buf_free(&b);
	return err;
}

/* Both types in new BTF. */
static int pick(struct ctx *ctx, const struct btf_image *img, const uint32_t ids[2], bool needs_int,
		struct map_types *t)
{
	struct btf_subset *set = NULL;
	int err = btf_subset_new(ctx->err, img, &set);

	for (int i = 0; !err && i < 2; i++)
		err = btf_subset_keep(ctx->err, set, ids[i], BTF_KEEP_VALUE);
	err = err ?: write_subset(ctx, set, &t->btf);
	if (!err) {
		int n = needs_int ? btf__add_int(t->btf, "int", sizeof(int), BTF_INT_SIGNED) : 0;

		t->value_id = btf_subset_id(set, ids[0]);
		t->key_id = n > 0 ? (uint32_t)n : btf_subset_id(set, ids[1]);
		err = n < 0 ? fail(ctx->err, n, "add a type") : 0;
	}
	btf_subset_free(set);
	return err;
}

static int take_types(struct ctx *ctx, const struct map_create_args *a, uint32_t map_type,
		      struct map_types *ret)
{
	const char *from = a->from ? a->from : "vmlinux";
	struct btf_source src = {};
	uint32_t ids[2] = {};
	int err = open_origin(ctx, from, &src);

	err = err ?: find_id(ctx, &src.img, from, a->value_type, &ids[0]);
	if (!err && a->key_type)
		err = find_id(ctx, &src.img, from, a->key_type, &ids[1]);
	err = err ?: pick(ctx, &src.img, ids, !a->key_type && key_is_int(map_type), ret);
	btf_source_close(&src);
	return err;
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

int map_types_load(struct ctx *ctx, const struct map_create_args *a, uint32_t map_type,
		   int token_fd, struct map_types *ret)
{
	int err;

	*ret = (struct map_types){ .key_size = a->key_size, .value_size = a->value_size };
	if (!a->value_type && (a->key_type || a->from))
		return fail_usage(ctx->err, "'%s' needs 'value_type'",
				  a->key_type ? "key_type" : "from");
	if (!a->value_type)
		return 0;
	err = take_types(ctx, a, map_type, ret);
	if (!err)
		err = size_of(ctx, ret->btf, ret->value_id, "value", &ret->value_size);
	if (!err && ret->key_id)
		err = size_of(ctx, ret->btf, ret->key_id, "key", &ret->key_size);
	return err ? err : load_types(ctx, ret, token_fd);
}
