// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs in maps: on the sockets of a socket map, in the entries of program arrays, device and
 * CPU maps, as members of a struct_ops.
 */
#include <errno.h>

#include "kern/attach/attach.h"
#include "kern/attach/attachments_int.h"
#include "kern/kernel.h"
#include "kern/map/io.h"
#include "kern/object/types.h"

static int scan_sockmap(struct attachments *set, int fd, const struct bpf_map_info *info)
{
	static const uint32_t hooks[] = { BPF_SK_SKB_STREAM_PARSER, BPF_SK_SKB_STREAM_VERDICT,
					  BPF_SK_MSG_VERDICT, BPF_SK_SKB_VERDICT };
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		auto_hook struct hook_progs h = {};

		/*
		 * Socket maps do not report programs before 5.18; one verdict type excludes the
		 * other.
		 */
		err = hook_query((uint32_t)fd, hooks[i], 0, &h);
		if (err == -EBUSY || hook_is_absent(hooks[i], err)) {
			err = 0;
			continue;
		}
		if (err)
			return err;
		for (uint32_t j = 0; !err && j < h.n; j++) {
			struct attachment a = {
				.prog_id = h.prog_ids[j], .kind = ATT_SOCKMAP, .held = ATT_BY_HOOK,
				.attach_type = hooks[i], .map_id = info->id, .xdp_mode = -1,
			};

			if (!attachments_place(set, &a))
				err = attachments_add(set, &a);
		}
	}
	return err;
}

/* Offset of the program id in a value. Entries of a devmap or cpumap may have none. */
static uint32_t read_id(const struct bpf_map_info *info, const uint8_t *value)
{
	size_t at = info->type == BPF_MAP_TYPE_PROG_ARRAY ? 0 : sizeof(uint32_t);
	uint32_t id;

	if (info->value_size < at + sizeof(id))
		return 0;
	memcpy(&id, value + at, sizeof(id));
	return id;
}

static int put_entries(struct attachments *set, const struct map_shape *shape, enum att_kind kind,
		       const struct map_chunk *chunk)
{
	const struct bpf_map_info *info = &shape->info;
	int err = 0;

	for (size_t i = 0; !err && i < chunk->n; i++) {
		struct attachment a = { .kind = kind,
					.held = ATT_BY_MAP,
					.attach_type = ATT_NO_TYPE,
					.map_id = info->id,
					.xdp_mode = -1 };

		if (chunk->errs && chunk->errs[i] == -ENOENT)
			continue;
		if (chunk->errs && chunk->errs[i])
			return chunk->errs[i];
		a.prog_id = read_id(info, chunk->values + i * shape->value_len);
		a.entry.len = info->key_size;
		memcpy(a.entry.key, chunk->keys + i * info->key_size,
		       info->key_size < sizeof(a.entry.key) ? info->key_size : sizeof(a.entry.key));
		if (a.prog_id)
			err = attachments_add(set, &a);
	}
	return err;
}

static int scan_entries(struct attachments *set, int fd, enum att_kind kind)
{
	auto_reader struct map_reader *r = NULL;
	struct map_shape shape;
	struct map_chunk chunk;
	int err = map_shape_read(fd, &shape);

	if (err || (kind != ATT_PROG_ARRAY && shape.info.value_size < 2 * sizeof(uint32_t)))
		return err;
	err = map_reader_new(fd, &shape, &r);
	while (!err && (err = map_reader_next(r, &chunk)) > 0)
		err = put_entries(set, &shape, kind, &chunk);
	return err;
}

/* A registered struct_ops: in place of function pointers its value contains the ids of programs. */
struct ops {
	struct attachments *set;
	const struct btf_image *types;
	const uint8_t *value;
	size_t len;
	uint32_t map_id, link_id;
};

static int put_member(const struct ops *o, const struct btf_member *m, size_t at)
{
	struct attachment a = { .kind = ATT_STRUCT_OPS,
				.held = o->link_id ? ATT_BY_LINK : ATT_BY_MAP,
				.link_id = o->link_id,
				.link_type = o->link_id ? ABI_LINK_TYPE_STRUCT_OPS : 0,
				.attach_type = ATT_NO_TYPE,
				.map_id = o->map_id,
				.xdp_mode = -1 };
	uint64_t id;

	if (at + sizeof(id) > o->len)
		return 0;
	memcpy(&id, o->value + at, sizeof(id));
	if (!id || id > UINT32_MAX)
		return 0;
	a.prog_id = (uint32_t)id;
	a.name = strdup(btf_image_str(o->types, m->name_off) ?: "");
	return a.name ? attachments_add(o->set, &a) : -ENOMEM;
}

/* Offset and type of the member "data" of the kernel's struct bpf_struct_ops_<name>. */
static const struct btf_type *find_data(const struct btf_image *img, uint32_t type_id,
					size_t *ret_at)
{
	const struct btf_type *t = btf_image_type(img, type_id);
	const struct btf_member *m = t && btf_is_struct(t) ? btf_members(t) : NULL;

	for (uint32_t i = 0; m && i < btf_items(t); i++) {
		if (!streq(btf_image_str(img, m[i].name_off) ?: "", "data"))
			continue;
		*ret_at = btf_member_bit_offset(t, i) / 8;
		t = btf_image_type(img, m[i].type);
		return t && btf_is_struct(t) ? t : NULL;
	}
	return NULL;
}

/*
 * The link that registered the map, placed after it was expanded to one attachment per program; or
 * NULL.
 */
static struct attachment *find_ops_link(struct attachments *set, uint32_t map_id)
{
	for (size_t i = 0; i < set->n_links; i++)
		if (set->all[i].kind == ATT_STRUCT_OPS && set->all[i].map_id == map_id)
			return &set->all[i];
	return NULL;
}

/* The second word of the value, from the kernel's enum bpf_struct_ops_state. */
enum { OPS_INUSE = 1 };

static bool is_registered(const uint8_t *value, size_t len)
{
	uint32_t state;

	if (len < 2 * sizeof(state))
		return false;
	memcpy(&state, value + sizeof(state), sizeof(state));
	return state == OPS_INUSE;
}

static int scan_ops(struct ctx *ctx, struct attachments *set, int fd,
		    const struct bpf_map_info *info)
{
	auto_free uint8_t *value = calloc(1, info->value_size);
	const struct attachment *link = find_ops_link(set, info->id);
	int err = 0;
	struct ops o = { .set = set,
			 .types = kernel_btf(ctx, &err),
			 .value = value,
			 .len = info->value_size,
			 .map_id = info->id,
			 .link_id = link ? link->link_id : 0 };
	const struct btf_type *data;
	size_t at = 0, before = set->n;
	uint32_t key = 0;

	if (!value)
		return -ENOMEM;
	if (o.types)
		err = bpf_map_lookup_elem(fd, &key, value);
	if (err || (!link && !is_registered(value, o.len)))
		return err;
	data = find_data(o.types, info->btf_vmlinux_value_type_id, &at);
	for (uint32_t i = 0; data && !err && i < btf_items(data); i++)
		if (types_is_func_ptr(o.types, btf_members(data)[i].type))
			err = put_member(&o, &btf_members(data)[i],
					 at + btf_member_bit_offset(data, i) / 8);
	if (o.link_id && set->n > before)
		attachments_place_link(set, o.link_id);
	return err;
}

static int scan_map(struct ctx *ctx, int fd, const void *data)
{
	struct attachments *set = *(struct attachments *const *)data;
	struct bpf_map_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	if (err) {
		unread(ctx, err, obj_caps, "read a map");
		return 0;
	}
	switch (info.type) {
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
		err = scan_sockmap(set, fd, &info);
		break;
	case BPF_MAP_TYPE_PROG_ARRAY:
		err = scan_entries(set, fd, ATT_PROG_ARRAY);
		break;
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
		err = scan_entries(set, fd, ATT_DEVMAP);
		break;
	case BPF_MAP_TYPE_CPUMAP:
		err = scan_entries(set, fd, ATT_CPUMAP);
		break;
	case BPF_MAP_TYPE_STRUCT_OPS:
		err = scan_ops(ctx, set, fd, &info);
	}
	if (err == -ENOMEM)
		return fail(ctx->err, err, "look for programs in map %u", info.id);
	if (err)
		unread(ctx, err, obj_caps, "look for programs in map %u", info.id);
	return 0;
}

int attach_from_maps(struct ctx *ctx, struct attachments *set)
{
	return obj_each(ctx, &obj_map, OBJ_RDONLY, scan_map, &set);
}
