// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl obj: CO-RE relocations, function by function. */
#include <errno.h>

#include "decode/btf/spell.h"
#include "decode/core/text.h"
#include "json_writer.h"
#include "obj/part.h"

enum { R_PROG, R_INSN, R_KIND, R_WHAT, N_RELO_COLS };

static const struct table_col relo_cols[N_RELO_COLS] = {
	[R_PROG] = { "program", "RELOCATION IN", 0, 0 },
	[R_INSN] = { "insn_off", "BYTE", 0, 0 },
	[R_KIND] = { "kind", "KIND", 0, 0 },
	[R_WHAT] = { NULL, "OF", 0, 0 },
};

/* An invalid record is shown unchanged: it may be from a newer compiler. */
static void put_what(struct objfile_part *part, struct table *t, const struct btf_ext_relo *r)
{
	const struct objfile *v = &part->s->view;
	char decl[BTF_SPELL_MAX], path[CORE_TEXT_MAX], access[CORE_TEXT_MAX];
	struct out *o = part->s->ctx->out;
	struct err why = {};
	int err = core_relo_text(&why, &v->btf_image, r, path);

	part->s->is_torn |= err == -ENOMEM;
	if (!objfile_spell(part->s, r->type_id, "", decl))
		snprintf(decl, sizeof(decl), "type %u", r->type_id);
	snprintf(access, sizeof(access), "%s", r->access);
	table_cell(t, R_WHAT, err ? "{type} {access}" : "{type}{path}");
	out_str(o, "type", "%s", decl);
	if (!err)
		out_str(o, "path", "%s", path);
	else
		out_str(o, "problem", "%s", why.text);
	out_str(o, "access", "%s", access);
	table_cell_end(t);
	err_clear(&why);
}

static void put_relo(struct objfile_part *part, const struct objfile_func *f,
		     const struct objfile_relo *r)
{
	struct table *t = objfile_part_row(part);

	table_str(t, R_PROG, f->name);
	table_uint(t, R_INSN, r->off - f->off);
	table_enum(t, R_KIND, btf_ext_relo_name(r->relo.kind), r->relo.kind);
	put_what(part, t, &r->relo);
	table_row_end(t);
}

/* Functions are consecutive; if two share bytes, the first one has the relocation. */
static void put_relos(struct objfile_part *part)
{
	const struct objfile_show *s = part->s;
	const struct objfile_relo *next = s->ext.relos;

	for (size_t i = 0; i < s->view.n_funcs; i++) {
		size_t n;
		const struct objfile_relo *r = objfile_ext_relos(&s->ext, &s->view.funcs[i], &n),
					  *end = r ? r + n : r;

		for (r = r && r < next ? next : r; r && r < end; r++)
			put_relo(part, &s->view.funcs[i], r);
		next = r ? r : next;
	}
}

int objfile_show_relocs(struct objfile_show *s)
{
	struct objfile_part part;
	int err;

	if (!s->all_relocs && !out_is_json(s->ctx->out))
		return 0;
	err = objfile_part_open(s, "relocs", relo_cols, N_RELO_COLS, &part);
	if (err)
		return err;
	put_relos(&part);
	return objfile_part_close(&part, 0);
}
