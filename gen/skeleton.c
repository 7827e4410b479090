// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * gen skeleton: a header that contains an object, and a struct with a member for everything in the
 * object. Programs are written against these names, so they are bpftool's; see compat.md 11.2.
 */
#include "gen/skeleton.h"

#include <errno.h>

#include <bpf/libbpf.h>

#include "gen/cpp.h"
#include "gen/describe.h"
#include "gen/skel.h"
#include "gen/tables.h"
#include "json_writer.h"
#include "view/output.h"

struct skeleton_args {
	const char *object, *name, *output;
	uint32_t libbpf;		/* SKEL_LIBBPF(); 0: the version in use here */
	int format;
};

enum { FORMAT_C, FORMAT_JSON };

static const struct cpp_method methods[] = {
	{ "open", "struct $ *", "const struct bpf_object_open_opts *opts", " = nullptr",
	  "$__open_opts(opts)" },
	{ "open_and_load", "struct $ *", "", "", "$__open_and_load()" },
	{ "load", "int ", "struct $ *skel", "", "$__load(skel)" },
	{ "attach", "int ", "struct $ *skel", "", "$__attach(skel)" },
	{ "detach", "void ", "struct $ *skel", "", "$__detach(skel)" },
	{ "destroy", "void ", "struct $ *skel", "", "$__destroy(skel)" },
	{ "elf_bytes", "const void *", "size_t *sz", "", "$__elf_bytes(sz)" },
	{}
};

static void put_includes(struct c_text *t, const struct skel *s)
{
	ct_put(t, "#include <errno.h>\n"
		  "#include <stdlib.h>\n"
		  "#include <bpf/libbpf.h>\n");
	if (s->libbpf >= MAP_LINKS_SINCE)
		ct_put(t, "\n#define BPF_SKEL_SUPPORTS_MAP_AUTO_ATTACH 1\n");
	if (skel_has_map_links(s))
		ct_put(t, "\n#if LIBBPF_MAJOR_VERSION < 1 || (LIBBPF_MAJOR_VERSION == 1 && "
			  "LIBBPF_MINOR_VERSION < 5)\n"
			  "#error \"made for libbpf 1.5 or newer: run 'gen skeleton' with "
			  "'for-libbpf' and your version\"\n"
			  "#endif\n");
}

static void put_links(struct c_text *t, const struct skel *s)
{
	size_t i;

	if (!s->n_progs && !skel_has_map_links(s))
		return;
	ct_put(t, "\tstruct {\n");
	for (i = 0; i < s->n_progs; i++)
		skel_put_member(t, 2, "struct bpf_link *", &s->progs[i].name);
	for (i = 0; skel_has_map_links(s) && i < s->n_maps; i++) {
		if (!s->maps[i].ops_type)
			continue;
		ct_put(t, "\t\tstruct bpf_link *");
		skel_put_map_link(t, s, &s->maps[i]);
		ct_put(t, ";\n");
	}
	ct_put(t, "\t} links;\n");
}

static void put_struct(struct c_text *t, const struct skel *s)
{
	ct_put(t, "\nstruct $ {\n"
		  "\tstruct bpf_object_skeleton *skeleton;\n"
		  "\tstruct bpf_object *obj;\n");
	skel_put_maps(t, s, "struct bpf_map *");
	skel_put_ops(t, s);
	skel_put_progs(t, s, "progs", "struct bpf_program *", "");
	put_links(t, s);
	skel_put_data(t, s);
	cpp_put_methods(t, methods);
	ct_put(t, "};\n");
}

/*
 * Allocated memory is assigned to the struct at once, so that __destroy() frees it after a failure.
 */
static void put_create(struct c_text *t, const struct skel *s)
{
	ct_put(t, "\nstatic void $__destroy(struct $ *obj)\n"
		  "{\n"
		  "\tif (obj && obj->skeleton)\n"
		  "\t\tbpf_object__destroy_skeleton(obj->skeleton);\n"
		  "\tfree(obj);\n"
		  "}\n"
		  "\nstatic inline const void *$__elf_bytes(size_t *sz);\n"
		  "\nstatic inline int $__create_skeleton(struct $ *obj)\n"
		  "{\n"
		  "\tstruct bpf_object_skeleton *s;\n");
	ct_put(t, "\n\ts = (struct bpf_object_skeleton *)calloc(1, sizeof(*s));\n"
		  "\tif (!s)\n"
		  "\t\treturn -ENOMEM;\n"
		  "\tobj->skeleton = s;\n"
		  "\ts->sz = sizeof(*s);\n"
		  "\ts->name = \"$\";\n"
		  "\ts->obj = &obj->obj;\n"
		  "\ts->data = $__elf_bytes(&s->data_sz);\n");
	skel_put_map_table(t, s, TABLES_WHOLE);
	skel_put_prog_table(t, s, TABLES_WHOLE);
	ct_put(t, "\treturn 0;\n"
		  "}\n");
}

static void put_open(struct c_text *t, const struct skel *s)
{
	ct_put(t,
	       "\nstatic inline struct $ *$__open_opts(const struct bpf_object_open_opts *opts)\n"
	       "{\n"
	       "\tstruct $ *obj = (struct $ *)calloc(1, sizeof(*obj));\n");
	skel_put_open(t, s, "$__create_skeleton(obj)",
		      "bpf_object__open_skeleton(obj->skeleton, opts)");
	ct_put(t, "\nstatic inline struct $ *$__open(void)\n"
		  "{\n"
		  "\treturn $__open_opts(NULL);\n"
		  "}\n");
}

static void put_life(struct c_text *t)
{
	ct_put(t, "\nstatic inline int $__load(struct $ *obj)\n"
		  "{\n"
		  "\treturn bpf_object__load_skeleton(obj->skeleton);\n"
		  "}\n"
		  "\nstatic inline struct $ *$__open_and_load(void)\n"
		  "{\n"
		  "\tstruct $ *obj = $__open();\n"
		  "\tint err = obj ? $__load(obj) : 0;\n"
		  "\n"
		  "\tif (err) {\n"
		  "\t\t$__destroy(obj);\n"
		  "\t\terrno = -err;\n"
		  "\t\treturn NULL;\n"
		  "\t}\n"
		  "\treturn obj;\n"
		  "}\n"
		  "\nstatic inline int $__attach(struct $ *obj)\n"
		  "{\n"
		  "\treturn bpf_object__attach_skeleton(obj->skeleton);\n"
		  "}\n"
		  "\nstatic inline void $__detach(struct $ *obj)\n"
		  "{\n"
		  "\tbpf_object__detach_skeleton(obj->skeleton);\n"
		  "}\n");
}

static void put_object(struct c_text *t, const struct skel *s)
{
	ct_put(t, "\nstatic inline const void *$__elf_bytes(size_t *sz)\n"
		  "{\n"
		  "\tstatic const char data[] __attribute__((__aligned__(8))) = ");
	ct_literal(t, s->image.data, s->image.len);
	ct_put(t, ";\n"
		  "\n"
		  "\t*sz = sizeof(data) - 1;\n"
		  "\treturn (const void *)data;\n"
		  "}\n");
}

static void put_skeleton(struct c_text *t, const struct skel *s)
{
	skel_put_head(t, "SKEL");
	put_includes(t, s);
	put_struct(t, s);
	put_create(t, s);
	put_open(t, s);
	put_life(t);
	put_object(t, s);
	cpp_put_bodies(t, methods);
	skel_put_asserts(t, s);
	skel_put_foot(t, "SKEL");
}

static int write_skeleton(struct ctx *ctx, const void *args)
{
	const struct skeleton_args *a = args;
	auto_skel struct skel s = {};
	auto_c_text struct c_text t = {};
	int err;

	err = skel_open(ctx, a->object, a->name, a->libbpf, &s);
	err = err ?: ct_open(ctx, s.name, s.btf, &t);
	if (err)
		return err;
	if (a->format == FORMAT_JSON)
		return gen_describe(ctx, &s, a->object, &t);
	if (ctx->opts->use_loader) {
		err = gen_light_skeleton(ctx, &s, a->object, &t);
		return err ?: ct_finish(&t);
	}
	skel_warn_ops_link(ctx, &s);
	put_skeleton(&t, &s);
	return ct_finish(&t);
}

static int gen_skeleton(struct ctx *ctx, const void *args)
{
	const struct skeleton_args *a = args;

	if (ctx->opts->use_loader && a->format == FORMAT_JSON)
		return fail_usage(ctx->err,
				  "'format json' describes the object, not its loader (-L)");
	return output_run_text(ctx, a->output, write_skeleton, args);
}

/* "1.5" */
int skel_parse_libbpf(struct ctx *ctx, struct args *a, void *member)
{
	const char *word = args_next(a), *dot = strchr(word, '.');
	auto_free char *first = dot ? strndup(word, dot - word) : NULL;
	uint32_t major, minor;
	int err;

	if (!first)
		return fail_usage(ctx->err, "'%s' is not a libbpf version such as 1.5", word);
	err = parse_u32(ctx->err, "version of libbpf", first, &major);
	err = err ?: parse_u32(ctx->err, "version of libbpf", dot + 1, &minor);
	if (err)
		return err;
	if (major > UINT16_MAX || minor > UINT16_MAX)
		return fail_usage(ctx->err, "'%s' is not a libbpf version such as 1.5", word);
	*(uint32_t *)member = SKEL_LIBBPF(major, minor);
	return 0;
}

static const char *const format_words[] = { [FORMAT_C] = "c", [FORMAT_JSON] = "json", NULL };

static const struct param skeleton_params[] = {
	PARAMS_SKEL(struct skeleton_args),
	PARAM_CHOICE(struct skeleton_args, format, "format", "FORMAT", format_words,
		     "c: a header; json: the same as data, for other generators"),
	PARAM_OUTPUT(struct skeleton_args, output),
	{ }
};

const struct cmd gen_skeleton_cmd = {
	.name = "skeleton",
	.help = "generate a C skeleton header that embeds an object",
	.params = skeleton_params, .args_size = sizeof(struct skeleton_args),
	.run = gen_skeleton,
};
