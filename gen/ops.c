// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a program may set in a struct_ops map before it is loaded. libbpf 1.4 and newer keep the
 * struct as in the object's source, with pointers to programs in place of functions: the fields
 * here are at its offsets.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "decode/btf/size.h"
#include "gen/skel.h"

#define OPS_SINCE SKEL_LIBBPF(1, 4)
/* SEC(".struct_ops.link") is supported since this version. */
#define OPS_LINK_SINCE SKEL_LIBBPF(1, 2)

bool skel_has_ops(const struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].ops_type)
			return s->libbpf >= OPS_SINCE;
	return false;
}

static bool is_function_pointer(const struct btf_image *btf, const struct btf_type *t)
{
	uint32_t id = t->type;

	if (!btf_is_ptr(t))
		return false;
	t = btf_skip(btf, BTF_NAMES, &id);
	return t && btf_is_func_proto(t);
}

static bool is_scalar(const struct btf_type *t)
{
	return btf_is_int(t) || btf_is_any_enum(t) || btf_is_float(t);
}

/*
 * Typedefs are resolved, because the kernel's are not known to the including program. i: index of
 * the member, used to number a field whose type cannot be used here.
 */
static void put_field(struct c_text *t, const struct btf_member *m, unsigned int i, uint32_t size)
{
	uint32_t id = m->type;
	const struct btf_type *type = btf_skip(t->btf, BTF_NAMES, &id);
	const char *name = btf_image_str(t->btf, m->name_off);
	bool named = type && c_name_is_ident(name);

	ct_put(t, "\t\t\t");
	if (named && is_function_pointer(t->btf, type))
		ct_fmt(t, "struct bpf_program *%s", name);
	else if (!named || !is_scalar(type) || !ct_decl(t, id, name, 3, 0))
		ct_fmt(t, "char __unsupported_%u[%u]", i, size);
	ct_put(t, ";\n");
}

/*
 * Bit-fields and overlapping members (which no compiler generates) become padding. A member at an
 * offset where C would not place it cannot be a field.
 */
static void put_fields(struct c_text *t, const struct btf_type *ops)
{
	const struct btf_member *m = btf_members(ops);
	uint32_t i, end = 0;

	for (i = 0; i < btf_items(ops); i++) {
		uint32_t bits = btf_member_bit_offset(ops, i), at = bits / 8;
		int64_t size = btf_type_size(t->btf, BTF_BPF_POINTER, m[i].type);

		if (bits % 8 || btf_member_bitfield_size(ops, i) || at < end || size <= 0 ||
		    at + (uint64_t)size > ops->size)
			continue;
		if (at > end)
			ct_fmt(t, "\t\t\tchar __padding_%u[%u];\n", i, at - end);
		put_field(t, &m[i], i, size);
		end = at + size;
	}
	if (end < ops->size)
		ct_fmt(t, "\t\t\tchar __padding_end[%u];\n", ops->size - end);
}

static void put_struct(struct c_text *t, const struct skel_map *m)
{
	const struct btf_type *ops = btf_image_type(t->btf, m->ops_type);
	auto_free char *type = c_name_mend(btf_image_name(t->btf, ops));

	if (!type) {
		t->b.err = -ENOMEM;
		return;
	}
	ct_put(t, "\t\tstruct $__");
	ct_fmt(t, "%s__%s {\n", m->name.ident, type);
	put_fields(t, ops);
	ct_fmt(t, "\t\t} *%s;\n", m->name.ident);
}

void skel_put_ops(struct c_text *t, const struct skel *s)
{
	size_t i;

	if (!skel_has_ops(s))
		return;
	ct_put(t, "\tstruct {\n");
	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].ops_type)
			put_struct(t, &s->maps[i]);
	ct_put(t, "\t} struct_ops;\n");
}

static void put_ops_init(struct c_text *t, const struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_maps; i++) {
		const char *ident = s->maps[i].name.ident;

		if (s->maps[i].ops_type)
			ct_fmt(t,
			       "\tobj->struct_ops.%s = (__typeof__(obj->struct_ops.%s))\n"
			       "\t\tbpf_map__initial_value(obj->maps.%s, &size);\n",
			       ident, ident, ident);
	}
}

void skel_warn_ops_link(struct ctx *ctx, const struct skel *s)
{
	static const char section[] = ".struct_ops.link";

	if (s->libbpf < OPS_LINK_SINCE &&
	    memmem(s->image.data, s->image.len, section, sizeof(section)))
		notice(ctx,
		       "libbpf before 1.2 ignores maps in SEC(\"%s\"): with it %s__open() fails",
		       section, s->name);
}

void skel_put_open(struct c_text *t, const struct skel *s, const char *create, const char *open)
{
	if (skel_has_ops(s))
		ct_put(t, "\tsize_t size;\n");
	ct_put(t, "\tint err;\n"
		  "\n"
		  "\tif (!obj) {\n"
		  "\t\terrno = ENOMEM;\n"
		  "\t\treturn NULL;\n"
		  "\t}\n"
		  "\terr = ");
	ct_put(t, create);
	ct_put(t, ";\n"
		  "\tif (!err)\n"
		  "\t\terr = ");
	ct_put(t, open);
	ct_put(t, ";\n"
		  "\tif (err) {\n"
		  "\t\t$__destroy(obj);\n"
		  "\t\terrno = -err;\n"
		  "\t\treturn NULL;\n"
		  "\t}\n");
	if (skel_has_ops(s))
		put_ops_init(t, s);
	ct_put(t, "\treturn obj;\n"
		  "}\n");
}
