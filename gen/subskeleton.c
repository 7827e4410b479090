// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * gen subskeleton: a header for a library whose object has been linked into another one. The host
 * opens and loads the whole, the library finds its own programs, maps and variables in it. The
 * names are bpftool's; see compat.md 11.2.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "gen/cpp.h"
#include "gen/skel.h"
#include "gen/skeleton.h"
#include "gen/tables.h"
#include "view/output.h"

struct subskeleton_args {
	const char *object, *name, *output;
	uint32_t libbpf;
};

static const struct cpp_method methods[] = {
	{ "open", "struct $ *", "const struct bpf_object *src", "", "$__open(src)" },
	{ "destroy", "void ", "struct $ *skel", "", "$__destroy(skel)" },
	{ }
};

static void put_struct(struct c_text *t, const struct skel *s)
{
	ct_put(t, "#include <errno.h>\n"
		  "#include <stdlib.h>\n"
		  "#include <bpf/libbpf.h>\n"
		  "\nstruct $ {\n"
		  "\tstruct bpf_object *obj;\n"
		  "\tstruct bpf_object_subskeleton *subskel;\n");
	skel_put_maps(t, s, "struct bpf_map *");
	skel_put_ops(t, s);
	skel_put_progs(t, s, "progs", "struct bpf_program *", "");
	skel_put_pointers(t, s);
	cpp_put_methods(t, methods);
	ct_put(t, "};\n");
}

static void put_vars_of(struct c_text *t, const struct skel_map *m, size_t *n)
{
	size_t i;

	for (i = 0; i < m->n_vars; i++, ++*n) {
		ct_fmt(t, "\ts->vars[%zu].name = ", *n);
		ct_string(t, m->vars[i].name.from);
		ct_fmt(t, ";\n\ts->vars[%zu].map = &obj->maps.%s;\n", *n, m->name.ident);
		ct_fmt(t, "\ts->vars[%zu].addr = (void **)&obj->%s.%s;\n", *n, m->data.ident,
		       m->vars[i].name.ident);
	}
}

static void put_var_table(struct c_text *t, const struct skel *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->n_maps; i++)
		n += s->maps[i].n_vars;
	if (!n)
		return;
	ct_fmt(t,
	       "\n\ts->vars = (struct bpf_var_skeleton *)calloc(%zu, sizeof(*s->vars));\n"
	       "\tif (!s->vars)\n"
	       "\t\treturn -ENOMEM;\n"
	       "\ts->var_cnt = %zu;\n",
	       n, n);
	for (i = n = 0; i < s->n_maps; i++)
		put_vars_of(t, &s->maps[i], &n);
}

/* Everything is assigned to the struct at once, so that __destroy() frees it after a failure. */
static void put_create(struct c_text *t, const struct skel *s)
{
	ct_put(t, "\nstatic inline void $__destroy(struct $ *skel)\n"
		  "{\n"
		  "\tif (skel && skel->subskel)\n"
		  "\t\tbpf_object__destroy_subskeleton(skel->subskel);\n"
		  "\tfree(skel);\n"
		  "}\n"
		  "\nstatic inline int $__create_subskeleton(struct $ *obj, const struct "
		  "bpf_object *src)\n"
		  "{\n"
		  "\tstruct bpf_object_subskeleton *s;\n"
		  "\n"
		  "\ts = (struct bpf_object_subskeleton *)calloc(1, sizeof(*s));\n"
		  "\tif (!s)\n"
		  "\t\treturn -ENOMEM;\n"
		  "\tobj->subskel = s;\n"
		  "\tobj->obj = (struct bpf_object *)src;\n"
		  "\ts->sz = sizeof(*s);\n"
		  "\ts->obj = src;\n"
		  "\ts->var_skel_sz = sizeof(*s->vars);\n");
	put_var_table(t, s);
	skel_put_map_table(t, s, TABLES_PART);
	skel_put_prog_table(t, s, TABLES_PART);
	ct_put(t, "\treturn 0;\n"
		  "}\n");
}

static void put_open(struct c_text *t, const struct skel *s)
{
	ct_put(t, "\nstatic inline struct $ *$__open(const struct bpf_object *src)\n"
		  "{\n"
		  "\tstruct $ *obj = (struct $ *)calloc(1, sizeof(*obj));\n");
	skel_put_open(t, s, "$__create_subskeleton(obj, src)",
		      "bpf_object__open_subskeleton(obj->subskel)");
}

static void put_subskeleton(struct c_text *t, const struct skel *s)
{
	skel_put_head(t, "SUBSKEL");
	put_struct(t, s);
	put_create(t, s);
	put_open(t, s);
	cpp_put_bodies(t, methods);
	skel_put_foot(t, "SUBSKEL");
}

static int write_subskeleton(struct ctx *ctx, const void *args)
{
	const struct subskeleton_args *a = args;
	auto_skel struct skel s = {};
	auto_c_text struct c_text t = {};
	int err;

	err = skel_open(ctx, a->object, a->name, a->libbpf, &s);
	if (err)
		return err;
	if (!s.btf) {
		fail_msg(ctx->err, -ENODATA, "'%s' has no BTF, which a subskeleton requires",
			 a->object);
		err_hint(ctx->err, "compile it with 'clang -g'");
		return -ENODATA;
	}
	err = ct_open(ctx, s.name, s.btf, &t);
	if (err)
		return err;
	skel_warn_ops_link(ctx, &s);
	put_subskeleton(&t, &s);
	return ct_finish(&t);
}

static int gen_subskeleton(struct ctx *ctx, const void *args)
{
	const struct subskeleton_args *a = args;

	if (ctx->opts->use_loader)
		return fail_usage(
			ctx->err,
			"a subskeleton is part of a loaded object: it has no loader (-L)");
	return output_run_text(ctx, a->output, write_subskeleton, args);
}

static const struct param subskeleton_params[] = {
	PARAMS_SKEL(struct subskeleton_args),
	PARAM_OUTPUT(struct subskeleton_args, output),
	{ }
};

const struct cmd gen_subskeleton_cmd = {
	.name = "subskeleton",
	.help = "generate a C header for a library's part of an object",
	.params = subskeleton_params, .args_size = sizeof(struct subskeleton_args),
	.run = gen_subskeleton,
};
