// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl struct_ops dump: what the kernel reports about a map, and the table itself. A member that
 * is a function contains the id of the program: it is shown with its prototype and that program's
 * name.
 */
#include <errno.h>

#include "decode/btf/find.h"
#include "decode/btf/size.h"
#include "decode/btf/text.h"
#include "decode/btf/value.h"
#include "json_writer.h"
#include "struct_ops/struct_ops.h"

#define MAP_INFO_MAX 4096	/* struct bpf_map_info has 100 bytes today */

/* One level of a value: a struct and its bytes. */
struct view {
	const struct btf_image *btf;
	const struct btf_type *type;	/* a struct */
	const uint8_t *data;
	size_t len;
};

/* The type of the functions that a member points to, 0 for other members. */
static uint32_t func_proto(const struct btf_image *btf, uint32_t id)
{
	const struct btf_type *t = btf_skip(btf, BTF_NAMES, &id);
	const struct btf_type *to = t && btf_is_ptr(t) ? btf_image_type(btf, t->type) : NULL;

	return to && btf_is_func_proto(to) ? t->type : 0;
}

static void prog_name(uint32_t id, char buf[static OBJ_NAME_MAX])
{
	auto_close int fd = obj_prog.open_id(id, 0);
	struct bpf_prog_info info = {};

	if (fd >= 0 && !obj_info(fd, &info, sizeof(info)))
		obj_prog_name(fd, &info, buf);
	else
		snprintf(buf, OBJ_NAME_MAX, "<unknown_prog_name>");
}

/* "u32 (struct sock *) my_ssthresh/prog_id:23067" */
static void show_func(struct out *o, const char *key, const struct view *v, uint32_t proto,
		      const uint8_t *data)
{
	char proto_text[BTF_PROTO_MAX], name[OBJ_NAME_MAX];
	char text[BTF_PROTO_MAX + OBJ_NAME_MAX + 32];
	uint64_t id;

	memcpy(&id, data, sizeof(id));
	if (btf_type_text(v->btf, proto, proto_text))
		snprintf(proto_text, sizeof(proto_text), "(?)");
	if (id) {
		prog_name((uint32_t)id, name);
		snprintf(text, sizeof(text), "%s %s/prog_id:%u", proto_text, name, (uint32_t)id);
	} else {
		snprintf(text, sizeof(text), "%s 0", proto_text);
	}
	out_json_str(o, key, text);
}

static int show_bits(struct out *o, const char *key, const struct view *v, uint32_t bit,
		     uint32_t n_bits)
{
	uint64_t value = 0;
	char text[24];

	if (n_bits > 64 || (bit + n_bits + 7) / 8 > v->len)
		return -EINVAL;
	for (uint32_t i = 0; i < n_bits; i++)
		value |= (uint64_t)(v->data[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)value);
	out_bare(o, key, text);
	return 0;
}

static int show_member(struct out *o, const struct view *v, uint32_t i)
{
	const struct btf_member *m = &btf_members(v->type)[i];
	const char *key = btf_image_str(v->btf, m->name_off);
	uint32_t bit = btf_member_bit_offset(v->type, i),
		 n_bits = btf_member_bitfield_size(v->type, i);
	uint32_t proto = func_proto(v->btf, m->type);
	int64_t size = btf_type_size(v->btf, btf_pointer_size(v->btf), m->type);

	if (n_bits)
		return show_bits(o, key, v, bit, n_bits);
	if (size < 0 || (uint64_t)bit / 8 + size > v->len)
		return -EINVAL;
	if (!proto || size != sizeof(uint64_t))
		return btf_value_print(o, key, v->btf, m->type, v->data + bit / 8, size);
	show_func(o, key, v, proto, v->data + bit / 8);
	return 0;
}

/* The table: like any struct, except for the members that are functions. */
static int show_table(struct out *o, const char *key, const struct view *v)
{
	int err = 0;

	out_rec(o, key);
	for (uint32_t i = 0; i < btf_items(v->type) && !err; i++)
		err = show_member(o, v, i);
	out_rec_end(o);
	return err;
}

/* struct bpf_struct_ops_<TYPE>: the common members, and "data", the table. */
static int show_value(struct out *o, const struct view *v)
{
	int err = 0;

	out_rec(o, NULL);
	out_rec(o, btf_image_name(v->btf, v->type));
	for (uint32_t i = 0; i < btf_items(v->type) && !err; i++) {
		const struct btf_member *m = &btf_members(v->type)[i];
		const char *key = btf_image_str(v->btf, m->name_off);
		uint32_t at = btf_member_bit_offset(v->type, i) / 8;
		uint32_t id = m->type;
		struct view data = { .btf = v->btf, .type = btf_skip(v->btf, BTF_NAMES, &id) };

		if (!streq(key, "data") || !data.type || !btf_is_composite(data.type)) {
			err = show_member(o, v, i);
		} else if ((uint64_t)at + data.type->size > v->len) {
			err = -EINVAL;
		} else {
			data.data = v->data + at;
			data.len = data.type->size;
			err = show_table(o, key, &data);
		}
	}
	out_rec_end(o);
	out_rec_end(o);
	return err;
}

/* Everything that this kernel reports about a map, with the kernel's names. */
static int show_map_info(struct ctx *ctx, const struct struct_ops *s)
{
	auto_btf_types struct types *types = NULL;
	uint32_t id = types_of_kernel(ctx, &types)
			      ? 0
			      : btf_find(&types->img, "bpf_map_info", 1u << BTF_KIND_STRUCT);
	int64_t size = id ? (int64_t)btf_image_type(&types->img, id)->size : -ENOENT;
	uint8_t data[MAP_INFO_MAX] = {};
	int err;

	if (size < 0 || size > MAP_INFO_MAX)
		return fail_msg(ctx->err, -ENOENT, "the kernel's BTF does not describe maps");
	err = obj_info(s->fd, data, size);
	if (err)
		return fail(ctx->err, err, "read map %u", s->info.id);
	out_rec(ctx->out, NULL);
	err = btf_value_print(ctx->out, "bpf_map_info", &types->img, id, data, size);
	out_rec_end(ctx->out);
	return err ? fail(ctx->err, err, "show struct bpf_map_info") : 0;
}

static int dump_one(struct ctx *ctx, const struct struct_ops *s)
{
	struct view v = { .btf = s->types ? &s->types->img : NULL, .len = s->info.value_size };
	auto_free uint8_t *data = malloc(v.len);
	const int key = 0;
	int err;

	v.type = v.btf ? btf_image_type(v.btf, s->info.btf_vmlinux_value_type_id) : NULL;
	if (!v.type || !btf_is_composite(v.type))
		return fail_msg(ctx->err, -ENOENT, "the kernel's BTF lacks the type of map %u",
				s->info.id);
	if (!data)
		return fail(ctx->err, -ENOMEM, "read map %u", s->info.id);
	v.data = data;
	err = bpf_map_lookup_elem(s->fd, &key, data);
	if (err)
		return fail(ctx->err, err, "read the table of map %u", s->info.id);
	err = show_map_info(ctx, s);
	if (err)
		return err;
	err = show_value(ctx->out, &v);
	return err ? fail(ctx->err, err, "show the table of map %u", s->info.id) : 0;
}

static int struct_ops_dump(struct ctx *ctx, const void *args)
{
	const struct struct_ops_args *a = args;
	auto_struct_ops struct struct_ops_list list = {};
	struct out *o = ctx->out;
	int err = struct_ops_find(ctx, &a->map, &list);

	if (err)
		return err;
	out_tree(o);
	out_list(o, NULL, NULL);
	for (size_t i = 0; i < list.n && !err; i++) {
		unsigned int depth = out_depth(o);

		err = dump_one(ctx, &list.all[i]);
		if (!err || list.n == 1 || out_failed(o))
			continue;
		out_rollback(o);
		report_and_skip(ctx);
		out_unwind(o, depth);
		err = 0;
	}
	if (err)
		return err;
	out_list_end(o);
	out_tree_end(o);
	return 0;
}

static const struct param dump_params[] = { PARAM_STRUCT_OPS("only these", .flags = PF_REPEAT),
					    {} };

const struct cmd struct_ops_dump_cmd = {
	.name = "dump", .help = "print tables, with the programs in them",
	.params = dump_params, .args_size = sizeof(struct struct_ops_args),
	.run = struct_ops_dump,
};
