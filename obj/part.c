// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* One object file on its way to the writer: its parts, values and errors. */
#include "obj/part.h"

#include <errno.h>

#include "decode/btf/spell.h"
#include "decode/btf/value.h"
#include "json_writer.h"

int objfile_fail(struct objfile_show *s, int err, struct err *why)
{
	if (err)
		fail_msg(s->ctx->err, err, "read object file '%s': %s", s->path, why->text);
	err_clear(why);
	return err;
}

int objfile_read_vars(struct objfile_show *s, uint32_t section, struct objfile_vars *ret)
{
	struct err why = {};

	return objfile_fail(s, objfile_vars_read(&why, &s->view, section, ret), &why);
}

int objfile_part_open(struct objfile_show *s, const char *key, const struct table_col *cols,
		      size_t n_cols, struct objfile_part *ret)
{
	*ret = (struct objfile_part){ .s = s, .table = table_new(s->ctx->out, cols, n_cols) };
	if (!ret->table)
		return fail(s->ctx->err, -ENOMEM, "show '%s'", s->path);
	out_json_list(s->ctx->out, key);
	return 0;
}

struct table *objfile_part_row(struct objfile_part *part)
{
	part->n++;
	table_row(part->table);
	return part->table;
}

int objfile_part_close(struct objfile_part *part, int err)
{
	struct ctx *ctx = part->s->ctx;
	int print_err = 0;

	out_json_list_end(ctx->out);
	if (!err && part->n) {
		out_text(ctx->out, "\n");
		print_err = table_print(part->table);
	}
	table_free(part->table);
	if (!err && !print_err && part->s->is_torn)
		print_err = -ENOMEM;
	return print_err ? fail(ctx->err, print_err, "show '%s'", part->s->path) : err;
}

/* What has no form is left out; without memory nobody can know whether it has one. */
static bool is_shown(struct objfile_show *s, int err)
{
	s->is_torn |= err == -ENOMEM;
	return !err;
}

bool objfile_spell(struct objfile_show *s, uint32_t type, const char *name, char *decl)
{
	return is_shown(s, btf_spell_decl(s->view.btf, type, name, decl));
}

bool objfile_spell_func(struct objfile_show *s, uint32_t type, char *decl)
{
	return is_shown(s, btf_spell_func(s->view.btf, type, decl));
}

/*
 * Malicious types are small in a file and long when printed, so there is a limit for all values of
 * a file together.
 */
struct btf_plan *objfile_value_plan(struct objfile_show *s, uint32_t type, size_t len)
{
	struct btf_plan *plan;
	uint64_t cost;

	if (s->view.foreign || !s->budget || !len)
		return NULL;
	if (!is_shown(s, btf_plan_new(s->view.btf, type, len, &plan)))
		return NULL;
	cost = btf_plan_cost(plan);
	if (cost <= s->budget) {
		s->budget -= cost;
		return plan;
	}
	s->budget = 0;
	btf_plan_free(plan);
	return NULL;
}
