// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl obj: struct_ops, function tables that the kernel calls. */
#include <errno.h>

#include "cli/buf.h"
#include "decode/btf/size.h"
#include "decode/btf/value.h"
#include "json_writer.h"
#include "obj/part.h"
#include "obj/sections.h"

enum { O_NAME, O_TYPE, O_SECTION, O_SIZE, O_FLAGS, N_OPS_COLS };

static const struct table_col ops_cols[N_OPS_COLS] = {
	[O_NAME] = { "name", "STRUCT_OPS", 0, 0 },
	[O_TYPE] = { "type", "TYPE", 0, 0 },
	[O_SECTION] = { "section", "SECTION", 0, 0 },
	[O_SIZE] = { "size", "SIZE", 0, 0 },
	[O_FLAGS] = { NULL, "FLAGS", 0, TABLE_OPTIONAL },
};

struct ops {
	struct objfile_show *s;
	struct objfile_part *part;
	const struct objfile_var *var;
	const uint8_t *bytes;		/* of the variable; NULL: the section has no contents */
	uint32_t section;
};

static bool is_zero(const uint8_t *bytes, size_t len)
{
	while (len && !*bytes) {
		bytes++;
		len--;
	}
	return !len;
}

static void put_program(struct ops *ops, const char *name, const struct objfile_reloc *r)
{
	const struct objfile *v = &ops->s->view;
	const struct objfile_func *f =
		ELF64_ST_TYPE(r->sym->st_info) == STT_SECTION
			? objfile_func_at(v, r->sym->st_shndx, r->sym->st_value)
			: NULL;
	const char *prog = f ? f->name : objfile_symbol_name(v, r->sym);
	struct out *o = ops->s->ctx->out;

	out_json_rec(o, NULL);
	table_line_of(ops->part->table, "    .{name} = {program}");
	out_str(o, "name", "%s", name);
	out_str(o, "program", "%s", prog);
	table_cell_end(ops->part->table);
	out_json_rec_end(o);
}

/* Members that are not function pointers and have a value. Bit-fields do not occupy whole bytes. */
static void put_value(struct ops *ops, const char *name, const struct btf_member *m)
{
	const struct btf_image *btf = ops->s->view.btf;
	struct out *o = ops->s->ctx->out;
	int64_t len = btf_type_size(btf, BTF_BPF_POINTER, m->type);
	uint64_t off = m->offset / 8;
	struct btf_plan *plan;

	if (!ops->bytes || len <= 0 || off + (uint64_t)len > ops->var->size ||
	    is_zero(ops->bytes + off, len))
		return;
	plan = objfile_value_plan(ops->s, m->type, len);
	if (!plan)
		return;
	out_json_rec(o, NULL);
	table_line_of(ops->part->table, "    .{name} = {value}");
	out_str(o, "name", "%s", name);
	btf_plan_show(o, "value", plan, ops->bytes + off);
	table_cell_end(ops->part->table);
	out_json_rec_end(o);
	btf_plan_free(plan);
}

static void put_members(struct ops *ops, const struct btf_type *t)
{
	const struct btf_image *btf = ops->s->view.btf;

	for (unsigned int i = 0; i < btf_items(t); i++) {
		struct btf_member m = btf_members(t)[i];
		const char *name = btf_image_str(btf, m.name_off);
		const struct objfile_reloc *r;
		size_t n;

		if (btf_member_bitfield_size(t, i))
			continue;
		m.offset = btf_member_bit_offset(t, i);
		r = objfile_relocs(&ops->s->view, ops->section,
				   (uint64_t)ops->var->off + m.offset / 8, 1, &n);
		if (n)
			put_program(ops, name, r);
		else
			put_value(ops, name, &m);
	}
}

static void put_ops(struct ops *ops)
{
	struct out *o = ops->s->ctx->out;
	const struct btf_image *btf = ops->s->view.btf;
	uint32_t id = ops->var->type;
	const struct btf_type *type = id ? btf_skip(btf, BTF_NAMES, &id) : NULL;
	const char *section = elf_section_name(&ops->s->view.img, ops->section);
	bool link = streq(section + (*section == '?'), ".struct_ops.link"),
	     create = *section != '?';
	struct table *t;

	if (type && !btf_is_struct(type))
		type = NULL;
	t = objfile_part_row(ops->part);
	table_str(t, O_NAME, ops->var->name);
	if (type)
		table_str(t, O_TYPE, btf_image_name(btf, type));
	table_str(t, O_SECTION, section);
	table_uint(t, O_SIZE, ops->var->size);
	table_cell(t, O_FLAGS, "{link}{,autocreate}");
	out_bool(o, "link", "link", "", link);
	out_bool(o, "autocreate", "", "no_autocreate", create);
	table_cell_end(t);
	out_json_list(o, "members");
	if (type)
		put_members(ops, type);
	out_json_list_end(o);
	table_row_end(t);
}

static int put_section(struct objfile_part *part, uint32_t section)
{
	struct ops ops = { .s = part->s, .part = part, .section = section };
	auto_objfile_vars struct objfile_vars vars = {};
	size_t len;
	const uint8_t *bytes = objfile_bytes(&part->s->view, section, &len);
	int err = objfile_read_vars(part->s, section, &vars);

	for (size_t i = 0; !err && i < vars.n; i++) {
		ops.var = &vars.all[i];
		ops.bytes = bytes ? bytes + ops.var->off : NULL;
		put_ops(&ops);
	}
	return err;
}

int objfile_show_struct_ops(struct objfile_show *s)
{
	struct objfile_part part;
	int err = objfile_part_open(s, "struct_ops", ops_cols, N_OPS_COLS, &part);

	if (err)
		return err;
	for (uint32_t i = 1; !err && i < s->view.img.n_shdrs; i++)
		if (objfile_is_ops_section(elf_section_name(&s->view.img, i)))
			err = put_section(&part, i);
	return objfile_part_close(&part, err);
}
