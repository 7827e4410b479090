// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl obj: variables with their initial values, and symbols that are defined elsewhere. */
#include <errno.h>

#include "cli/buf.h"
#include "decode/btf/spell.h"
#include "decode/btf/value.h"
#include "json_writer.h"
#include "obj/part.h"
#include "obj/sections.h"

#define TEXT_VALUE_MAX 100	/* characters; JSON has the whole value */
#define TEXT_BYTES_MAX 16
#define METADATA "bpf_metadata_"

enum { V_NAME, V_SECTION, V_OFFSET, V_SIZE, V_LINKAGE, V_METADATA, V_TYPE, V_VALUE, N_VAR_COLS };

static const struct table_col var_cols[N_VAR_COLS] = {
	[V_NAME] = { "name", "VARIABLE", 0, 0 },
	[V_SECTION] = { "section", "SECTION", 0, 0 },
	[V_OFFSET] = { "offset", "OFFSET", 0, 0 },
	[V_SIZE] = { "size", "SIZE", 0, 0 },
	[V_LINKAGE] = { NULL, "LINKAGE", 0, 0 },
	[V_METADATA] = { "metadata", NULL, 0, 0 },
	[V_TYPE] = { "type", "TYPE", 0, TABLE_OPTIONAL },
	[V_VALUE] = { NULL, "VALUE", 0, TABLE_OPTIONAL },
};

static void text_value(struct table *t, const struct btf_plan *plan, const uint8_t *data)
{
	struct buf b = {};

	btf_plan_compose(&b, plan, data);
	if (!b.err && b.len > TEXT_VALUE_MAX)
		table_text(t, V_VALUE, "%.*s...", TEXT_VALUE_MAX, b.data);
	else if (!b.err)
		table_text(t, V_VALUE, "%.*s", (int)b.len, b.data);
	buf_free(&b);
}

static void text_bytes(struct table *t, const uint8_t *data, size_t len)
{
	size_t n = len < TEXT_BYTES_MAX ? len : TEXT_BYTES_MAX;
	char text[TEXT_BYTES_MAX * 3 + 8];
	int at = 0;

	for (size_t i = 0; i < n; i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%02x", i ? " " : "", data[i]);
	table_text(t, V_VALUE, "%s%s", n ? text : "", n < len ? " ..." : "");
}

static void put_value(struct objfile_show *s, struct table *t, const struct objfile_var *var,
		      const uint8_t *data)
{
	struct out *o = s->ctx->out;
	struct btf_plan *plan = var->type ? objfile_value_plan(s, var->type, var->size) : NULL;

	if (plan && out_is_json(o))
		btf_plan_print(o, "value", plan, data);
	else if (plan)
		text_value(t, plan, data);
	else
		text_bytes(t, data, var->size);
	if (!plan && (s->view.foreign || !var->type))
		out_json_bytes(o, "bytes", data, var->size);
	btf_plan_free(plan);
}

static const char *linkage(const struct objfile_var *var)
{
	return var->is_static ? "static" : var->is_weak ? "weak" : "global";
}

/* bytes: of the section, NULL if all are zero. */
static void put_var(struct objfile_part *part, uint32_t section, const struct objfile_var *var,
		    const uint8_t *bytes)
{
	struct objfile_show *s = part->s;
	struct table *t = objfile_part_row(part);
	struct out *o = s->ctx->out;
	char decl[BTF_SPELL_MAX];

	table_str(t, V_NAME, var->name);
	table_str(t, V_SECTION, elf_section_name(&s->view.img, section));
	table_uint(t, V_OFFSET, var->off);
	table_uint(t, V_SIZE, var->size);
	table_cell(t, V_LINKAGE, "{linkage}{hidden}");
	out_str(o, "linkage", "%s", linkage(var));
	out_bool(o, "hidden", ",hidden", "", var->is_hidden);
	table_cell_end(t);
	if (has_prefix(var->name, METADATA))
		table_bool(t, V_METADATA, "", "", true);
	if (var->type && objfile_spell(s, var->type, "", decl))
		table_str(t, V_TYPE, decl);
	if (bytes)
		put_value(s, t, var, bytes + var->off);
	table_row_end(t);
}

static int put_section(struct objfile_part *part, uint32_t section)
{
	auto_objfile_vars struct objfile_vars vars = {};
	size_t len;
	const uint8_t *bytes = objfile_bytes(&part->s->view, section, &len);
	int err = objfile_read_vars(part->s, section, &vars);

	for (size_t i = 0; !err && i < vars.n; i++)
		put_var(part, section, &vars.all[i], bytes);
	return err;
}

static int put_sections(struct objfile_part *part)
{
	struct objfile_show *s = part->s;
	int err = 0;

	for (uint32_t i = 1; !err && i < s->view.img.n_shdrs; i++)
		if (objfile_is_data_section(elf_section_name(&s->view.img, i)))
			err = put_section(part, i);
	return err;
}

int objfile_show_vars(struct objfile_show *s)
{
	struct objfile_part part;
	int err = objfile_part_open(s, "variables", var_cols, N_VAR_COLS, &part);

	return err ?: objfile_part_close(&part, put_sections(&part));
}

/* --- externs --- */

enum { X_NAME, X_KIND, X_DECL, X_FLAGS, N_EXTERN_COLS };

static const struct table_col extern_cols[N_EXTERN_COLS] = {
	[X_NAME] = { "name", "EXTERN", 0, 0 },
	[X_KIND] = { "kind", "KIND", 0, 0 },
	[X_DECL] = { "declaration", "DECLARATION", 0, TABLE_OPTIONAL },
	[X_FLAGS] = { "weak", "FLAGS", 0, TABLE_OPTIONAL },
};

static const char *const extern_kinds[] = {
	[OBJFILE_EXTERN_KCONFIG] = "kconfig",
	[OBJFILE_EXTERN_KFUNC] = "kfunc",
	[OBJFILE_EXTERN_KSYM] = "ksym",
	[OBJFILE_EXTERN_OBJECT] = "object",
};

static void put_extern(struct objfile_part *part, const struct objfile_extern *x)
{
	struct table *t = objfile_part_row(part);
	char decl[BTF_SPELL_MAX] = "";

	table_str(t, X_NAME, x->name);
	table_str(t, X_KIND, extern_kinds[x->kind]);
	if (x->type && x->kind == OBJFILE_EXTERN_KFUNC)
		objfile_spell_func(part->s, x->type, decl);
	else if (x->type)
		objfile_spell(part->s, x->type, x->name, decl);
	if (decl[0])
		table_str(t, X_DECL, decl);
	table_bool(t, X_FLAGS, "weak", "", x->is_weak);
	table_row_end(t);
}

int objfile_show_externs(struct objfile_show *s)
{
	struct objfile_part part;
	int err = objfile_part_open(s, "externs", extern_cols, N_EXTERN_COLS, &part);

	if (err)
		return err;
	for (size_t i = 0; i < s->externs.n; i++)
		put_extern(&part, &s->externs.all[i]);
	return objfile_part_close(&part, 0);
}
