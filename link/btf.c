// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Links of a type newer than bpfctl: the running kernel's BTF contains the type's name and its
 * members in struct bpf_link_info (the member of its union with the name of the type). These are
 * printed one by one, as numbers.
 */
#include <errno.h>

#include "decode/btf/find.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"
#include "link/link.h"

#define INFO_MAX 512		/* more than any kernel's struct bpf_link_info */
#define NEST_MAX 8
#define WORD_MAX 128

/* A struct or union somewhere in the info. */
struct part {
	const struct btf_image *btf;
	uint32_t type_id;
	size_t offset;			/* bytes from the start of info */
	unsigned int nest;
	const char *info;		/* INFO_MAX bytes */
};

static const struct btf_type *strip(const struct btf_image *btf, uint32_t id)
{
	return btf_skip(btf, BTF_NAMES, &id);
}

static struct part member_part(const struct part *p, const struct btf_type *t, uint32_t i)
{
	return (struct part){ .btf = p->btf,
			      .type_id = btf_members(t)[i].type,
			      .info = p->info,
			      .offset = p->offset + btf_member_bit_offset(t, i) / 8,
			      .nest = p->nest + 1 };
}

/* The member with this name, also inside an anonymous struct or union. False: there is none. */
static bool find_member(const struct part *p, const char *name, struct part *ret)
{
	const struct btf_type *t = strip(p->btf, p->type_id);

	if (!t || !btf_is_composite(t) || p->nest > NEST_MAX)
		return false;
	for (uint32_t i = 0; i < btf_items(t); i++) {
		const char *its = btf_image_str(p->btf, btf_members(t)[i].name_off);
		struct part m = member_part(p, t, i);

		if (its && streq(its, name)) {
			*ret = m;
			return true;
		}
		if ((!its || !*its) && find_member(&m, name, ret))
			return true;
	}
	return false;
}

static void show_number(struct out *o, const char *name, const struct part *m,
			const struct btf_type *t)
{
	bool is_signed = (btf_is_int(t) && (btf_int_encoding(t) & BTF_INT_SIGNED)) ||
			 (btf_is_any_enum(t) && btf_kflag(t));
	unsigned int unused = 64 - 8 * t->size;
	char word[WORD_MAX];
	uint64_t v = 0;

	memcpy(&v, m->info + m->offset, t->size);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v >>= unused;
#endif
	out_escape(word, sizeof(word), name);
	out_item(o, "%s", word);
	out_sep(o, " ");
	if (is_signed)
		out_int(o, name, "%lld", (int64_t)(v << unused) >> unused);
	else
		out_uint(o, name, "%llu", v);
}

static bool is_number(const struct btf_type *t)
{
	return (btf_is_int(t) || btf_is_any_enum(t)) &&
	       (t->size == 1 || t->size == 2 || t->size == 4 || t->size == 8);
}

/*
 * Named nested structs become objects in JSON; members that are not numbers (arrays) are skipped.
 */
static void show_part(struct out *o, const struct part *p)
{
	const struct btf_type *t = strip(p->btf, p->type_id);

	if (!t || !btf_is_composite(t) || p->nest > NEST_MAX)
		return;
	for (uint32_t i = 0; i < btf_items(t); i++) {
		const char *name = btf_image_str(p->btf, btf_members(t)[i].name_off);
		struct part m = member_part(p, t, i);
		const struct btf_type *mt = strip(p->btf, m.type_id);

		if (!mt || btf_member_bitfield_size(t, i))
			continue;
		if (btf_is_composite(mt) && name && *name) {
			out_rec(o, name);
			show_part(o, &m);
			out_rec_end(o);
		} else if (btf_is_composite(mt)) {
			show_part(o, &m);
		} else if (name && *name && is_number(mt) && m.offset + mt->size <= INFO_MAX) {
			show_number(o, name, &m, mt);
		}
	}
}

/* For info longer than struct abi_link_info, if the kernel has more. */
static void read_info(const struct link *l, char info[static INFO_MAX])
{
	memset(info, 0, INFO_MAX);
	if (l->fd < 0 || obj_info(l->fd, info, INFO_MAX))
		memcpy(info, &l->info, sizeof(l->info));
}

static void show_by_btf(struct ctx *ctx, const struct link *l)
{
	const char *name = name_of(ctx, NAMES_LINK_TYPE, l->info.type);
	auto_btf_types struct types *types = NULL;
	int err = name ? types_of_kernel(ctx, &types) : 0;
	const struct btf_image *btf = types ? &types->img : NULL;
	uint32_t id = btf ? btf_find(btf, "bpf_link_info", 1u << BTF_KIND_STRUCT) : 0;
	char info[INFO_MAX];
	struct part whole = { .btf = btf, .type_id = id, .info = info }, own;

	if (err && err != -ESRCH && err != -ENOENT)	/* else the kernel has none */
		unread(ctx, err, NULL, "read the kernel's BTF, which describes links of this type");
	if (!id || !find_member(&whole, name, &own))
		return;
	read_info(l, info);
	out_line(ctx->out);
	show_part(ctx->out, &own);
}

const struct link_view link_by_btf = { show_by_btf };
