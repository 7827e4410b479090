// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl obj: maps as defined, maps that contain variables, and struct_ops tables. */
#include <errno.h>

#include <linux/bpf.h>

#include "cli/buf.h"
#include "decode/btf/size.h"
#include "decode/btf/spell.h"
#include "decode/elf/map_def.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "obj/part.h"
#include "obj/sections.h"

#define PTR_SIZE 8

/* --- a definition to the writer --- */

enum {
	M_NAME, M_TYPE, M_KEY, M_VALUE, M_ENTRIES, M_FLAGS, M_MORE, M_SECTION, M_INTERNAL,
	N_MAP_COLS
};

static const struct table_col map_cols[N_MAP_COLS] = {
	[M_NAME] = { "name", "MAP", 0, 0 },
	[M_TYPE] = { "type", "TYPE", 0, 0 },
	[M_KEY] = { NULL, "KEY", 0, 0 },
	[M_VALUE] = { NULL, "VALUE", 0, 0 },
	[M_ENTRIES] = { "max_entries", "ENTRIES", 0, 0 },
	[M_FLAGS] = { NULL, "FLAGS", 0, TABLE_OPTIONAL },
	[M_MORE] = { NULL, "MORE", 0, TABLE_OPTIONAL },
	[M_SECTION] = { "section", NULL, 0, 0 },
	[M_INTERNAL] = { "internal", NULL, 0, 0 },
};

/* "no_prealloc,0x80000000": names, and numbers for flags without one. */
static void put_flags(struct out *o, uint32_t flags)
{
	uint32_t rest = 0;

	out_uint(o, "flags", "0x%llx", flags);
	if (!flags)
		return;
	out_list(o, "flag_names", "");
	for (unsigned int bit = 0; bit < 32; bit++) {
		if ((flags & 1U << bit) && map_flag_word(bit))
			out_str(o, NULL, "%s", map_flag_word(bit));
		else
			rest |= flags & 1U << bit;
	}
	if (rest)
		out_item(o, "0x%x", rest);
	out_list_end(o);
}

/* "struct key (12B)", "12B". */
static void put_type(struct objfile_show *s, const char *const keys[2], uint32_t size,
		     uint32_t type)
{
	char decl[BTF_SPELL_MAX];
	bool typed = type && objfile_spell(s, type, "", decl);

	out_uint(s->ctx->out, keys[0], typed ? " (%lluB)" : "%lluB", size);
	if (typed)
		out_str(s->ctx->out, keys[1], "%s", decl);
}

static const char *const key_keys[] = { "key_size", "key_type" };
static const char *const value_keys[] = { "value_size", "value_type" };

static void put_more(struct out *o, const struct map_def *d)
{
	if (d->map_extra)
		out_uint(o, "map_extra", "map_extra 0x%llx", d->map_extra);
	if (d->has_numa_node)
		out_uint(o, "numa_node", "numa_node %llu", d->numa_node);
	if (d->pinning == MAP_PIN_BY_NAME)
		out_str(o, "pinning", "pinned by name%.0s", "by_name");
	else if (d->pinning)
		out_uint(o, "pinning", "pinning %llu", d->pinning);
	if (d->unknown)
		out_str(o, "unknown_member", "unknown member %s", d->unknown);
}

static void put_def(struct objfile_show *s, struct table *t, const struct map_def *d)
{
	struct out *o = s->ctx->out;

	table_enum(t, M_TYPE, name_of(s->ctx, NAMES_MAP_TYPE, d->type), d->type);
	table_uint(t, M_ENTRIES, d->max_entries);
	table_cell(t, M_KEY, "{key_type}{key_size}");
	put_type(s, key_keys, d->key_size, d->key_type);
	table_cell_end(t);
	table_cell(t, M_VALUE, "{value_type}{value_size}");
	put_type(s, value_keys, d->value_size, d->value_type);
	table_cell_end(t);
	table_cell(t, M_FLAGS, "{flag_names}");
	put_flags(o, d->flags);
	table_cell_end(t);
	table_cell(t, M_MORE, "{pinning}{, map_extra}{, numa_node}{, unknown_member}");
	put_more(o, d);
	table_cell_end(t);
}

/* --- SEC(".maps") --- */

static void put_inner(struct objfile_part *part, const struct map_def *d)
{
	struct objfile_show *s = part->s;
	struct out *o = s->ctx->out;

	out_json_rec(o, "inner");
	table_line_of(part->table, "    of {type}, key {key_type}{key_size}, value {value_type}"
				   "{value_size}, max_entries {max_entries}, flags {flags}");
	out_enum(o, "type", "%s", name_of(s->ctx, NAMES_MAP_TYPE, d->type), d->type);
	out_uint(o, "max_entries", "%llu", d->max_entries);
	put_type(s, key_keys, d->key_size, d->key_type);
	put_type(s, value_keys, d->value_size, d->value_type);
	put_flags(o, d->flags);
	put_more(o, d);
	table_cell_end(part->table);
	out_json_rec_end(o);
}

static void put_slot(struct objfile_part *part, uint64_t slot, const char *key, const char *name)
{
	struct out *o = part->s->ctx->out;

	out_json_rec(o, NULL);
	table_line_of(part->table, "    [{index}] = {map|program}");
	out_uint(o, "index", "%llu", slot);
	out_str(o, key, "%s", name);
	table_cell_end(part->table);
	out_json_rec_end(o);
}

/* Slots that are filled when the object is loaded: each has a relocation to a map or a program. */
static void put_slots(struct objfile_part *part, const struct objfile_var *var,
		      const struct map_def *d)
{
	const struct objfile *v = &part->s->view;
	uint64_t off = (uint64_t)var->off + d->values_off;
	struct out *o = part->s->ctx->out;
	const struct objfile_reloc *r;
	size_t n = 0;

	if (!d->has_values || var->size <= d->values_off)
		return;
	r = objfile_relocs(v, objfile_section(v, ".maps"), off, var->size - d->values_off, &n);
	if (n)
		out_json_list(o, "values");
	for (size_t i = 0; i < n; i++)
		put_slot(part, (r[i].off - off) / PTR_SIZE, d->inner ? "map" : "program",
			 objfile_symbol_name(v, r[i].sym));
	if (n)
		out_json_list_end(o);
}

static int read_def(struct objfile_show *s, const char *name, uint32_t type, struct map_def *ret)
{
	struct err why = {};

	return objfile_fail(s, map_def_read(&why, s->view.btf, name, type, ret), &why);
}

static int put_map(struct objfile_part *part, const struct objfile_var *var)
{
	struct map_def d = {}, inner = {};
	int err = var->type ? read_def(part->s, var->name, var->type, &d) : 0;
	struct table *t;

	if (!err && d.inner)
		err = read_def(part->s, var->name, d.inner, &inner);
	if (err)
		return err;
	t = objfile_part_row(part);
	table_str(t, M_NAME, var->name);
	if (var->type)
		put_def(part->s, t, &d);
	else
		table_text(t, M_TYPE, "unknown: no BTF");
	table_str(t, M_SECTION, ".maps");
	if (d.inner)
		put_inner(part, &inner);
	put_slots(part, var, &d);
	table_row_end(t);
	return 0;
}

/* Is it mmapable? libbpf requests that only if a variable is visible from outside. */
static int has_visible_var(struct objfile_show *s, uint32_t section, bool *ret)
{
	auto_objfile_vars struct objfile_vars vars = {};
	int err = objfile_read_vars(s, section, &vars);

	for (size_t i = 0; i < vars.n; i++)
		*ret |= vars.all[i].type && !vars.all[i].is_static && !vars.all[i].is_hidden;
	return err;
}

static void put_data_map(struct objfile_part *part, const char *section, const struct map_def *d)
{
	struct table *t = objfile_part_row(part);
	char name[OBJFILE_SYMBOL_MAX];

	objfile_data_map_name(part->s->path, section, name, sizeof(name));
	table_str(t, M_NAME, name);
	put_def(part->s, t, d);
	table_str(t, M_SECTION, section);
	table_bool(t, M_INTERNAL, "", "", true);
	table_row_end(t);
}

static int put_data_section(struct objfile_part *part, uint32_t section)
{
	const struct elf_image *img = &part->s->view.img;
	const char *name = elf_section_name(img, section);
	struct map_def d = { .type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .max_entries = 1 };
	uint64_t size = img->shdrs[section].sh_size;
	bool mappable = false;
	int err = has_visible_var(part->s, section, &mappable);

	d.value_size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
	d.flags = (objfile_is_read_only(name) ? BPF_F_RDONLY_PROG : 0) |
			  (mappable ? BPF_F_MMAPABLE : 0);
	if (!err)
		put_data_map(part, name, &d);
	return err;
}

/* Sections with contents, except the arena's: its variables move into the arena. */
static int put_data_sections(struct objfile_part *part)
{
	const struct elf_image *img = &part->s->view.img;
	int err = 0;

	for (uint32_t i = 1; !err && i < img->n_shdrs; i++) {
		const char *name = elf_section_name(img, i);

		if (objfile_is_data_section(name) && img->shdrs[i].sh_size &&
		    !streq(name, ".addr_space.1"))
			err = put_data_section(part, i);
	}
	return err;
}

/* The values are sorted by alignment, so that there are no holes. */
static void put_kconfig(struct objfile_part *part)
{
	struct map_def d = { .type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .max_entries = 1,
			     .flags = BPF_F_RDONLY_PROG | BPF_F_MMAPABLE };
	const struct objfile_externs *externs = &part->s->externs;
	uint64_t size = 0;

	for (size_t i = 0; i < externs->n; i++) {
		const struct objfile_extern *x = &externs->all[i];
		int64_t len = x->kind == OBJFILE_EXTERN_KCONFIG
				      ? btf_type_size(part->s->view.btf, BTF_BPF_POINTER, x->type)
				      : 0;

		size += len > 0 ? (uint64_t)len : 0;
	}
	d.value_size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
	if (size)
		put_data_map(part, ".kconfig", &d);
}

int objfile_show_maps(struct objfile_show *s)
{
	struct objfile_part part;
	int err = objfile_part_open(s, "maps", map_cols, N_MAP_COLS, &part);

	if (err)
		return err;
	for (size_t i = 0; !err && i < s->maps.n; i++)
		err = put_map(&part, &s->maps.all[i]);
	err = err ?: put_data_sections(&part);
	if (!err)
		put_kconfig(&part);
	return objfile_part_close(&part, err);
}
