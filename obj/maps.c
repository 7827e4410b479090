// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl obj: maps as they are defined, those that hold variables, and tables of struct_ops. */
#include <ctype.h>
#include <errno.h>

#include <linux/bpf.h>

#include "cli/buf.h"
#include "decode/btf/size.h"
#include "decode/btf/spell.h"
#include "decode/elf/map_def.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "obj/obj.h"

#define PTR_SIZE 8
#define DATA_NAME_MAX (BPF_OBJ_NAME_LEN - 1)
#define OBJECT_PART_MAX 8	/* how much of the object's name a data map's name begins with */

/* --- maps of variables --- */

static bool is_section_or_below(const char *name, const char *section)
{
	size_t len = strlen(section);

	return has_prefix(name, section) && (!name[len] || name[len] == '.');
}

/* A section that becomes a map when the object is loaded. */
bool objfile_is_data_section(const char *name)
{
	return is_section_or_below(name, ".data") || is_section_or_below(name, ".rodata") ||
	       is_section_or_below(name, ".bss") || streq(name, ".addr_space.1");
}

static bool is_read_only(const char *section)
{
	return is_section_or_below(section, ".rodata") || streq(section, ".kconfig");
}

/* The file's name up to its first dot. */
static int object_part(const char *path, const char **ret)
{
	const char *slash = strrchr(path, '/');

	*ret = slash ? slash + 1 : path;
	return (int)strcspn(*ret, ".");
}

void objfile_data_map_name(const struct objfile_show *s, const char *section, char *ret,
			   size_t size)
{
	const char *object;
	int len = object_part(s->path, &object), room = DATA_NAME_MAX - (int)strlen(section);

	if (!streq(section, ".data") && !streq(section, ".rodata") && !streq(section, ".bss") &&
	    !streq(section, ".kconfig")) {
		snprintf(ret, size, "%s", section);
		return;
	}
	if (room > OBJECT_PART_MAX)
		room = OBJECT_PART_MAX;
	snprintf(ret, size, "%.*s%s", len < room ? len : room, object, section);
	for (char *p = ret; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '.')
			*p = '_';
}

/* --- a definition to the writer --- */

enum { M_NAME, M_TYPE, M_KEY, M_VALUE, M_ENTRIES, M_FLAGS, M_MORE, N_MAP_COLS };

static const struct table_col map_cols[N_MAP_COLS] = {
	[M_NAME] = { "name", "MAP", 0, 0 },
	[M_TYPE] = { "type", "TYPE", 0, 0 },
	[M_KEY] = { NULL, "KEY", 0, 0 },
	[M_VALUE] = { NULL, "VALUE", 0, 0 },
	[M_ENTRIES] = { "max_entries", "ENTRIES", 0, 0 },
	[M_FLAGS] = { NULL, "FLAGS", 0, TABLE_OPTIONAL },
	[M_MORE] = { NULL, "MORE", 0, TABLE_OPTIONAL },
};

/* "no_prealloc,0x80000000": words, and what has none as a number. */
static void flags_text(uint32_t flags, struct buf *b)
{
	uint32_t rest = 0;
	char number[16];

	for (unsigned int bit = 0; bit < 32; bit++) {
		const char *word = map_flag_word(bit);

		if (!(flags & 1U << bit))
			continue;
		if (!word)
			rest |= 1U << bit;
		else
			buf_puts(b, b->len ? "," : "");
		buf_puts(b, word ?: "");
	}
	snprintf(number, sizeof(number), "%s0x%x", b->len ? "," : "", rest);
	if (rest)
		buf_puts(b, number);
	buf_putc(b, '\0');
}

static void show_flag_names(struct out *o, uint32_t flags)
{
	if (!flags)
		return;
	out_json_list(o, "flag_names");
	for (unsigned int bit = 0; bit < 32; bit++)
		if ((flags & 1U << bit) && map_flag_word(bit))
			out_json_str(o, NULL, map_flag_word(bit));
	out_json_list_end(o);
}

/* "struct key (12B)", "12B"; in JSON two keys. */
static void type_text(const struct objfile_show *s, uint32_t type, uint32_t size, char *ret,
		      size_t ret_size)
{
	char decl[BTF_SPELL_MAX];

	if (type && !btf_spell_decl(s->view.btf, type, "", decl))
		snprintf(ret, ret_size, "%s (%uB)", decl, size);
	else
		snprintf(ret, ret_size, "%uB", size);
}

static void json_type(const struct objfile_show *s, const char *key, uint32_t type)
{
	char decl[BTF_SPELL_MAX];

	if (type && !btf_spell_decl(s->view.btf, type, "", decl))
		out_json_str(s->ctx->out, key, decl);
}

/* All but the name, and what only JSON has. */
static void json_def(const struct objfile_show *s, const struct map_def *d)
{
	struct out *o = s->ctx->out;

	out_json_uint(o, "key_size", d->key_size);
	json_type(s, "key_type", d->key_type);
	out_json_uint(o, "value_size", d->value_size);
	json_type(s, "value_type", d->value_type);
	out_json_uint(o, "flags", d->flags);
	show_flag_names(o, d->flags);
	if (d->map_extra)
		out_json_uint(o, "map_extra", d->map_extra);
	if (d->has_numa_node)
		out_json_uint(o, "numa_node", d->numa_node);
	if (d->pinning == MAP_PIN_BY_NAME)
		out_json_str(o, "pinning", "by_name");
	else if (d->pinning)
		out_json_uint(o, "pinning", d->pinning);
	if (d->unknown)
		out_json_str(o, "unknown_member", d->unknown);
}

static void more_text(const struct map_def *d, struct buf *b)
{
	char text[64];

	if (d->pinning == MAP_PIN_BY_NAME)
		objfile_join(b, "pinned by name");
	else if (d->pinning) {
		snprintf(text, sizeof(text), "pinning %u", d->pinning);
		objfile_join(b, text);
	}
	snprintf(text, sizeof(text), "map_extra 0x%llx", (unsigned long long)d->map_extra);
	if (d->map_extra)
		objfile_join(b, text);
	snprintf(text, sizeof(text), "numa_node %u", d->numa_node);
	if (d->has_numa_node)
		objfile_join(b, text);
	if (d->unknown) {
		objfile_join(b, "unknown member ");
		buf_puts(b, d->unknown);
	}
	buf_putc(b, '\0');
}

static void put_def(struct objfile_show *s, struct table *t, const struct map_def *d)
{
	struct buf flags = {}, more = {};
	char text[BTF_SPELL_MAX + 16];

	flags_text(d->flags, &flags);
	more_text(d, &more);
	table_enum(t, M_TYPE, name_of(s->ctx, NAMES_MAP_TYPE, d->type), d->type);
	type_text(s, d->key_type, d->key_size, text, sizeof(text));
	table_text(t, M_KEY, "%s", text);
	type_text(s, d->value_type, d->value_size, text, sizeof(text));
	table_text(t, M_VALUE, "%s", text);
	table_uint(t, M_ENTRIES, d->max_entries);
	table_text(t, M_FLAGS, "%s", flags.err ? "" : flags.data);
	table_text(t, M_MORE, "%s", more.err ? "" : more.data);
	json_def(s, d);
	out_torn(s->ctx->out, flags.err ? flags.err : more.err);
	buf_free(&flags);
	buf_free(&more);
}

/* --- SEC(".maps") --- */

static void put_inner(struct objfile_part *part, const struct map_def *d)
{
	struct objfile_show *s = part->s;
	const char *type = name_of(s->ctx, NAMES_MAP_TYPE, d->type);
	char key[BTF_SPELL_MAX + 16], value[BTF_SPELL_MAX + 16], number[16];
	struct out *o = s->ctx->out;

	snprintf(number, sizeof(number), "type %u", d->type);
	type_text(s, d->key_type, d->key_size, key, sizeof(key));
	type_text(s, d->value_type, d->value_size, value, sizeof(value));
	objfile_part_line(part, "of %s, key %s, value %s, max_entries %u, flags 0x%x",
			  type ? type : number, key, value, d->max_entries, d->flags);
	if (!out_is_json(o))
		return;
	out_rec(o, "inner");
	out_enum(o, "type", "%s", type, d->type);
	out_json_uint(o, "max_entries", d->max_entries);
	json_def(s, d);
	out_rec_end(o);
}

static void put_slot(struct objfile_part *part, uint64_t slot, const char *key, const char *name)
{
	struct out *o = part->s->ctx->out;

	objfile_part_line(part, "[%llu] = %s", (unsigned long long)slot, name);
	out_json_rec(o, NULL);
	out_json_uint(o, "index", slot);
	out_json_str(o, key, name);
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
	out_json_str(part->s->ctx->out, "section", ".maps");
	if (d.inner)
		put_inner(part, &inner);
	put_slots(part, var, &d);
	table_row_end(t);
	return 0;
}

/* Can it be mapped? libbpf asks for that only where a variable is seen from outside. */
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
	struct out *o = part->s->ctx->out;
	char name[OBJFILE_SYMBOL_MAX];

	objfile_data_map_name(part->s, section, name, sizeof(name));
	table_str(t, M_NAME, name);
	put_def(part->s, t, d);
	out_json_str(o, "section", section);
	out_json_bool(o, "internal", true);
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
	d.flags = (is_read_only(name) ? BPF_F_RDONLY_PROG : 0) | (mappable ? BPF_F_MMAPABLE : 0);
	if (!err)
		put_data_map(part, name, &d);
	return err;
}

/* Sections with content, but not the arena's: that one's variables move into the arena. */
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

/* The values stand in the order of their alignment, so that there are no holes. */
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
