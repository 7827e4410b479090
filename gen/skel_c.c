// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The parts of a header that all kinds of skeletons have. */
#include <errno.h>

#include "gen/skel.h"

static void put_guard(struct c_text *t, const char *kind)
{
	ct_fmt(t, "__");
	ct_put_upper(t, t->name);
	ct_fmt(t, "_%s_H__", kind);
}

void skel_put_head(struct c_text *t, const char *kind)
{
	ct_put(t, "/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */\n");
	ct_fmt(t, "/* Made by %s from an object file: changes will be lost. */\n#ifndef ",
	       t->ctx->progname);
	put_guard(t, kind);
	ct_put(t, "\n#define ");
	put_guard(t, kind);
	ct_put(t, "\n\n");
}

void skel_put_foot(struct c_text *t, const char *kind)
{
	ct_put(t, "\n#endif /* ");
	put_guard(t, kind);
	ct_put(t, " */\n");
}

static void put_tabs(struct c_text *t, int n)
{
	buf_fill(&t->b, '\t', n);
}

/* Calls put for the name, and in a union for the name that only C can have. */
static void put_twice(struct c_text *t, int indent, const struct c_name *name,
		      void (*put)(struct c_text *t, int indent, const char *ident,
				  const void *what),
		      const void *what)
{
	if (!name->c_only) {
		put(t, indent, name->ident, what);
		return;
	}
	put_tabs(t, indent);
	ct_put(t, "union {\n");
	put(t, indent + 1, name->ident, what);
	ct_put(t, "#ifndef __cplusplus\n");
	put(t, indent + 1, name->from, what);
	ct_put(t, "#endif\n");
	put_tabs(t, indent);
	ct_put(t, "};\n");
}

static void put_typed(struct c_text *t, int indent, const char *ident, const void *type)
{
	put_tabs(t, indent);
	ct_fmt(t, "%s%s;\n", (const char *)type, ident);
}

void skel_put_member(struct c_text *t, int indent, const char *type, const struct c_name *name)
{
	put_twice(t, indent, name, put_typed, type);
}

void skel_put_maps(struct c_text *t, const struct skel *s, const char *type)
{
	size_t i;

	if (!s->n_maps)
		return;
	ct_put(t, "\tstruct {\n");
	for (i = 0; i < s->n_maps; i++)
		skel_put_member(t, 2, type, &s->maps[i].name);
	ct_put(t, "\t} maps;\n");
}

void skel_put_progs(struct c_text *t, const struct skel *s, const char *group, const char *type,
		    const char *suffix)
{
	size_t i;

	if (!s->n_progs)
		return;
	ct_put(t, "\tstruct {\n");
	for (i = 0; i < s->n_progs; i++) {
		if (*suffix)
			ct_fmt(t, "\t\t%s%s%s;\n", type, s->progs[i].name.ident, suffix);
		else
			skel_put_member(t, 2, type, &s->progs[i].name);
	}
	ct_fmt(t, "\t} %s;\n", group);
}

struct declared {
	const struct skel_var *var;
	int flags;
};

/* What cannot be written is an array of bytes. */
static void put_value(struct c_text *t, int indent, const char *ident, const void *what)
{
	const struct declared *d = what;

	put_tabs(t, indent);
	if (!ct_decl(t, d->var->type, ident, indent, d->flags))
		ct_fmt(t, "char %s[%u]", ident, d->var->size);
	ct_put(t, ";\n");
}

static bool is_array(const struct btf_image *btf, uint32_t id)
{
	const struct btf_type *t = btf_skip(btf, BTF_MODS, &id);

	return t && btf_is_array(t);
}

/*
 * "int *x", "int (*x)[3]", "int (**x)(void)"; types that cannot be written in C become an array of
 * bytes.
 */
static void put_pointer(struct c_text *t, int indent, const char *ident, const void *what)
{
	const struct declared *d = what;
	auto_free char *field = NULL;
	int len = asprintf(&field, is_array(t->btf, d->var->type) ? "(*%s)" : "*%s", ident);

	if (len < 0) {
		field = NULL;
		t->b.err = -ENOMEM;
		return;
	}
	put_tabs(t, indent);
	if (!ct_decl(t, d->var->type, field, indent, d->flags))
		ct_fmt(t, "char (*%s)[%u]", ident, d->var->size);
	ct_put(t, ";\n");
}

void skel_put_pointers(struct c_text *t, const struct skel *s)
{
	size_t i, j;

	for (i = 0; i < s->n_maps; i++) {
		const struct skel_map *m = &s->maps[i];
		struct declared d = { .flags = m->kconfig ? CT_KEEP_QUALIFIERS : 0 };

		if (!m->data.ident)
			continue;
		ct_put(t, "\tstruct $__");
		ct_fmt(t, "%s {\n", m->data.ident);
		for (j = 0; j < m->n_vars; j++) {
			d.var = &m->vars[j];
			put_twice(t, 2, &d.var->name, put_pointer, &d);
		}
		ct_fmt(t, "\t} %s;\n", m->data.ident);
	}
}

static void put_data_of(struct c_text *t, const struct skel_map *m)
{
	struct declared d = { .flags = m->kconfig ? CT_KEEP_QUALIFIERS : 0 };
	unsigned int n_pads = 0, end = 0;
	size_t i;

	ct_put(t, "\tstruct $__");
	ct_fmt(t, "%s {\n", m->data.ident);
	for (i = 0; i < m->n_vars; i++) {
		d.var = &m->vars[i];
		if (d.var->offset > end)
			ct_fmt(t, "\t\tchar __pad%u[%u];\n", n_pads++, d.var->offset - end);
		put_twice(t, 2, &d.var->name, put_value, &d);
		end = d.var->offset + d.var->size;
	}
	ct_fmt(t, "\t} *%s;\n", m->data.ident);
}

void skel_put_data(struct c_text *t, const struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].data.ident)
			put_data_of(t, &s->maps[i]);
}

static void put_asserts_of(struct c_text *t, const struct skel_map *m)
{
	size_t i;

	for (i = 0; i < m->n_vars; i++) {
		const struct skel_var *v = &m->vars[i];

		/* An empty struct has one byte in C++. */
		if (!v->size)
			continue;
		ct_put(t, "\t$__has_size(");
		ct_fmt(t, "%s->%s, %u);\n", m->data.ident, v->name.ident, v->size);
	}
}

void skel_put_asserts(struct c_text *t, const struct skel *s)
{
	size_t i;

	ct_put(t, "\n/* The types that the includer has declared are those that the object was "
		  "compiled with. */\n"
		  "#ifdef __cplusplus\n"
		  "#define $__has_size(var, size) static_assert(sizeof(s->var) == (size), #var)\n"
		  "#else\n"
		  "#define $__has_size(var, size) _Static_assert(sizeof(s->var) == (size), #var)\n"
		  "#endif\n"
		  "__attribute__((unused)) static void $__assert(struct $ *s "
		  "__attribute__((unused)))\n"
		  "{\n");
	for (i = 0; i < s->n_maps; i++)
		put_asserts_of(t, &s->maps[i]);
	ct_put(t, "}\n"
		  "#undef $__has_size\n");
}
