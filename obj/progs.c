// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl obj: programs, what their section names specify, what they use; and the functions they
 * call.
 */
#include <errno.h>

#include "cli/buf.h"
#include "decode/btf/spell.h"
#include "decode/elf/objfile_refs.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "obj/part.h"
#include "obj/sections.h"

#define INSN_SIZE 8
#define FILE_NAME_MAX 4096

/* A parsed section name. */
struct section_says {
	const char *target;		/* what follows the type; NULL: nothing */
	uint32_t prog_type, attach_type;
	bool known, has_attach, autoload, sleepable, frags;
};

/*
 * The end of the type in the name and the start of the target: the first slash after which the rest
 * alone is known.
 */
static void read_type(const char *name, struct section_says *ret)
{
	const char *slash = strchr(name, '/');
	char head[32] = "";

	ret->known = !section_types(name, &ret->prog_type, &ret->attach_type);
	ret->has_attach = ret->known && ret->attach_type != UINT32_MAX;
	snprintf(head, sizeof(head), "%.*s", slash ? (int)(slash - name) : (int)strlen(name), name);
	ret->sleepable = ret->known && strlen(head) > 2 && streq(head + strlen(head) - 2, ".s");
	ret->frags = streq(head, "xdp.frags");
	for (size_t i = 0; section_words[i]; i++)
		if (streq(section_words[i], name))
			return;
	if (ret->known && slash && slash[1])
		ret->target = slash + 1;
}

static struct section_says read_section(const char *name)
{
	struct section_says ret = { .autoload = *name != '?' };

	read_type(name + !ret.autoload, &ret);
	return ret;
}

enum {
	P_NAME, P_SECTION, P_TYPE, P_ATTACH, P_TARGET, P_INSNS, P_RELOCS, P_FLAGS, P_SOURCE,
	N_PROG_COLS
};

static const struct table_col prog_cols[N_PROG_COLS] = {
	[P_NAME] = { "name", "PROGRAM", 0, 0 },
	[P_SECTION] = { "section", "SECTION", 0, 0 },
	[P_TYPE] = { "type", "TYPE", 0, 0 },
	[P_ATTACH] = { "attach_type", "ATTACH", 0, TABLE_OPTIONAL },
	[P_TARGET] = { "target", "TARGET", 0, TABLE_OPTIONAL },
	[P_INSNS] = { "insns", "INSNS", 0, 0 },
	[P_RELOCS] = { "relocs", "RELOCS", 0, TABLE_OPTIONAL },
	[P_FLAGS] = { NULL, "FLAGS", 0, TABLE_OPTIONAL },
	[P_SOURCE] = { NULL, "SOURCE", 0, TABLE_OPTIONAL },
};

static void show_flags(struct objfile_show *s, struct table *t, const struct section_says *says)
{
	struct out *o = s->ctx->out;

	table_cell(t, P_FLAGS, "{sleepable}{,autoload}{frags}");
	out_bool(o, "sleepable", "sleepable", "", says->sleepable);
	out_bool(o, "autoload", "", "no_autoload", says->autoload);
	if (says->frags)
		out_bool(o, "frags", "frags", "", true);
	table_cell_end(t);
}

static void show_section(struct objfile_show *s, struct table *t, const char *section)
{
	const struct section_says says = read_section(section);

	table_str(t, P_SECTION, section + !says.autoload);
	if (says.known)
		table_enum(t, P_TYPE, name_of(s->ctx, NAMES_PROG_TYPE, says.prog_type),
			   says.prog_type);
	else
		table_text(t, P_TYPE, "unknown");
	if (says.has_attach)
		table_enum(t, P_ATTACH, name_of(s->ctx, NAMES_ATTACH_TYPE, says.attach_type),
			   says.attach_type);
	if (says.target)
		table_str(t, P_TARGET, says.target);
	show_flags(s, t, &says);
}

/* What .BTF.ext contains for a function. Paths may be of any length. */
static void show_source(struct objfile_show *s, struct table *t, const struct objfile_func *f,
			size_t relocs_col, size_t source_col)
{
	const struct objfile_line *line = objfile_ext_line(&s->ext, f);
	struct out *o = s->ctx->out;
	char file[FILE_NAME_MAX];
	size_t n;

	(void)objfile_ext_relos(&s->ext, f, &n);
	table_nonzero(t, relocs_col, n);
	if (!line)
		return;
	snprintf(file, sizeof(file), "%s", line->at.file);
	table_cell(t, source_col, "{file}:{line}");
	out_str(o, "file", "%s", file);
	out_uint(o, "line", "%llu", line->at.line);
	table_cell_end(t);
}

/* --- what a program uses --- */

struct uses_list {
	const char *key;
	unsigned int kinds;		/* 1 << enum objfile_ref_kind */
};

static const struct uses_list uses_lists[] = {
	{ "maps", 1 << OBJFILE_REF_MAP | 1 << OBJFILE_REF_DATA },
	{ "calls", 1 << OBJFILE_REF_FUNC },
	{ "kernel", 1 << OBJFILE_REF_EXTERN },
	{ "helpers", 1 << OBJFILE_REF_HELPER },
};

/* Sections that become maps: others (a string in .rodata.str, code) have no known names. */
static bool ref_name(struct objfile_show *s, const struct objfile_ref *r,
		     char name[static OBJFILE_SYMBOL_MAX])
{
	const struct objfile *v = &s->view;
	const struct objfile_var *var;
	const char *found = NULL;

	switch (r->kind) {
	case OBJFILE_REF_MAP:
		var = objfile_vars_at(&s->maps, r->id);
		found = var ? var->name : NULL;
		break;
	case OBJFILE_REF_DATA:
		objfile_data_map_name(s->path, elf_section_name(&v->img, r->id), name,
				      OBJFILE_SYMBOL_MAX);
		return true;
	case OBJFILE_REF_FUNC:
		found = v->funcs[r->id].name;
		break;
	case OBJFILE_REF_EXTERN:
		found = objfile_symbol_name(v, &v->img.syms[r->id]);
		break;
	case OBJFILE_REF_HELPER:
		found = name_of(s->ctx, NAMES_HELPER, r->id);
		if (!found)
			snprintf(name, OBJFILE_SYMBOL_MAX, "helper %u", r->id);
		else if (streq(found, "bpf_unspec"))
			return false;
		break;
	}
	if (found)
		snprintf(name, OBJFILE_SYMBOL_MAX, "%s", found);
	return found || r->kind == OBJFILE_REF_HELPER;
}

static void show_uses_list(struct objfile_part *part, const struct uses_list *list,
			   const struct objfile_refs *refs)
{
	struct out *o = part->s->ctx->out;
	char name[OBJFILE_SYMBOL_MAX], label[16];
	unsigned int n = 0;

	for (size_t i = 0; i < refs->n; i++) {
		if (!(list->kinds & 1 << refs->all[i].kind) ||
		    !ref_name(part->s, &refs->all[i], name))
			continue;
		if (!n++) {
			snprintf(label, sizeof(label), "%s ", list->key);
			table_line_of(part->table, "    {maps|calls|kernel|helpers}");
			out_list(o, list->key, label);
		}
		out_str(o, NULL, n > 1 ? " %s" : "%s", name);
	}
	if (!n)
		return;
	out_list_end(o);
	table_cell_end(part->table);
}

static int show_uses(struct objfile_part *part, const struct objfile_uses *uses,
		     const struct objfile_func *f)
{
	auto_objfile_refs struct objfile_refs refs = {};
	struct err why = {};
	int err = objfile_fail(part->s, objfile_uses_of(&why, uses, f, &refs), &why);

	for (size_t i = 0; !err && i < ARRAY_SIZE(uses_lists); i++)
		show_uses_list(part, &uses_lists[i], &refs);
	return err;
}

static int show_prog(struct objfile_part *part, const struct objfile_uses *uses,
		     const struct objfile_func *f)
{
	struct table *t = objfile_part_row(part);
	int err;

	table_str(t, P_NAME, f->name);
	show_section(part->s, t, elf_section_name(&part->s->view.img, f->section));
	table_uint(t, P_INSNS, f->len / INSN_SIZE);
	show_source(part->s, t, f, P_RELOCS, P_SOURCE);
	err = show_uses(part, uses, f);
	table_row_end(t);
	return err;
}

int objfile_show_progs(struct objfile_show *s)
{
	auto_objfile_uses struct objfile_uses *uses = objfile_uses_new(s->ctx->err, &s->view);
	struct objfile_part part;
	int err = uses ? objfile_part_open(s, "programs", prog_cols, N_PROG_COLS, &part)
		       : s->ctx->err->code;

	if (err)
		return err;
	for (size_t i = 0; !err && i < s->view.n_funcs; i++)
		if (s->view.funcs[i].is_prog)
			err = show_prog(&part, uses, &s->view.funcs[i]);
	return objfile_part_close(&part, err);
}

/* --- functions --- */

enum { F_NAME, F_LINKAGE, F_INSNS, F_RELOCS, F_DECL, F_SOURCE, N_FUNC_COLS };

static const struct table_col func_cols[N_FUNC_COLS] = {
	[F_NAME] = { "name", "SUBPROGRAM", 0, 0 },
	[F_LINKAGE] = { "linkage", "LINKAGE", 0, 0 },
	[F_INSNS] = { "insns", "INSNS", 0, 0 },
	[F_RELOCS] = { "relocs", "RELOCS", 0, TABLE_OPTIONAL },
	[F_DECL] = { "declaration", "DECLARATION", 0, TABLE_OPTIONAL },
	[F_SOURCE] = { NULL, "SOURCE", 0, TABLE_OPTIONAL },
};

static const char *linkage(const Elf64_Sym *sym)
{
	switch (ELF64_ST_BIND(sym->st_info)) {
	case STB_LOCAL:
		return "static";
	case STB_WEAK:
		return "weak";
	default:
		return "global";
	}
}

static void show_func(struct objfile_part *part, const struct objfile_func *f)
{
	struct table *t = objfile_part_row(part);
	char decl[BTF_SPELL_MAX];

	table_str(t, F_NAME, f->name);
	table_str(t, F_LINKAGE, linkage(f->sym));
	table_uint(t, F_INSNS, f->len / INSN_SIZE);
	show_source(part->s, t, f, F_RELOCS, F_SOURCE);
	if (f->type && objfile_spell_func(part->s, f->type, decl))
		table_str(t, F_DECL, decl);
	table_row_end(t);
}

int objfile_show_subprogs(struct objfile_show *s)
{
	struct objfile_part part;
	int err = objfile_part_open(s, "subprograms", func_cols, N_FUNC_COLS, &part);

	if (err)
		return err;
	for (size_t i = 0; i < s->view.n_funcs; i++)
		if (!s->view.funcs[i].is_prog)
			show_func(&part, &s->view.funcs[i]);
	return objfile_part_close(&part, 0);
}
