// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl gen min_core_btf: the types of a kernel that the CO-RE relocations of some objects need.
 * Relocations are resolved as loaders do it (decode/core/relo.h), so that a loader finds the same
 * in the new file.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>

#include "load/btf_source.h"
#include "cli/buf.h"
#include "cli/cmd.h"
#include "cli/err.h"
#include "cli/file.h"
#include "decode/btf/ext.h"
#include "decode/btf/raw.h"
#include "decode/btf/subset.h"
#include "decode/core/relo.h"
#include "decode/core/types.h"
#include "decode/elf/image.h"
#include "load/object.h"

struct min_core_args {
	const char *in, *out;
	struct args objects;
};


static const char of_modules[] = "modules";	/* INPUT that is not a file */

/* The types to choose from, and the chosen ones. */
struct min_core {
	struct ctx *ctx;
	const char *path;		/* of the current object */
	struct btf_image base, own;	/* base: only for split BTF */
	struct core_target *target;
	struct btf_subset *subset;
};

static void min_core_free(struct min_core *m)
{
	btf_subset_free(m->subset);
	core_target_free(m->target);
	btf_image_close(&m->own);
	btf_image_close(&m->base);
}

/* An object's types and its compiler's records of them. */
struct object_types {
	struct core_finder *finder;
	void *types; /* owned: a copy of .BTF, which may be misaligned in the file */
	struct btf_image btf;
	struct btf_ext_info ext;
};

static void object_types_free(struct object_types *o)
{
	core_finder_free(o->finder);
	btf_ext_close(&o->ext);
	btf_image_close(&o->btf);
	free(o->types);
}

static int read_types(struct err *e, const struct elf_image *elf, uint32_t section,
		      struct object_types *ret)
{
	const uint8_t *data = elf_content(elf, section);
	size_t len = elf->shdrs[section].sh_size;
	int err;

	if (!section || !data) {
		fail_msg(e, -ENODATA, "it has no .BTF section");
		err_hint(e, "compile it with -g: 'clang -O2 -g -target bpf -c FILE.c -o FILE.o'");
		return -ENODATA;
	}
	ret->types = malloc(len);
	if (!ret->types)
		return fail(e, -ENOMEM, "read its types");
	memcpy(ret->types, data, len);
	err = btf_image_open(e, ret->types, len, &ret->btf);
	return err ?: btf_image_check(e, &ret->btf);
}

/* Objects without code have no .BTF.ext: they need nothing. */
static int read_notes(struct err *e, const struct elf_image *elf, uint32_t section,
		      struct object_types *ret)
{
	const uint8_t *data = elf_content(elf, section);

	if (!section || !data)
		return 0;
	return btf_ext_open(e, data, elf->shdrs[section].sh_size, &ret->btf, &ret->ext);
}

static int keep_match(struct err *e, struct btf_subset *s, const struct core_match *m)
{
	static const enum btf_keep how[] = {
		[CORE_USE_MEMBERS] = BTF_KEEP_SHELL,
		[CORE_USE_TYPE] = BTF_KEEP_REACHED,
		[CORE_USE_CONTENT] = BTF_KEEP_CONTENT,
	};
	int err;

	if (m->use == CORE_USE_NOTHING)
		return 0;
	err = btf_subset_keep(e, s, m->type, how[m->use]);
	for (uint32_t i = 0; !err && i < m->n_members; i++)
		err = btf_subset_keep_member(e, s, m->members[i].type, m->members[i].index);
	return err;
}

static int fail_record(struct err *e, int err, const struct object_types *o,
		       const struct btf_ext_section *s, uint32_t i, const char *why)
{
	struct btf_ext_relo r = btf_ext_relo(&o->ext, s, i);
	const struct btf_type *t = btf_image_type(&o->btf, r.type_id);
	const char *name = t ? btf_image_str(&o->btf, t->name_off) : "";

	return fail_msg(e, err, "CO-RE relocation %u of section '%s', %s of '%.128s' (%.128s): %s",
			i, s->name, btf_ext_relo_name(r.kind) ?: "something",
			*name ? name : "(anon)", r.access, why);
}

/* With these kinds programs check whether the kernel has something, and handle both results. */
static bool is_question(uint32_t kind)
{
	switch (kind) {
	case BPF_CORE_FIELD_EXISTS:
	case BPF_CORE_TYPE_EXISTS:
	case BPF_CORE_TYPE_MATCHES:
	case BPF_CORE_ENUMVAL_EXISTS:
		return true;
	default:
		return false;
	}
}

/* Without its flavor suffix: "task_struct" for task_struct___old. */
static size_t essence(const struct object_types *o, uint32_t type_id, const char **ret)
{
	const struct btf_type *t = btf_image_type(&o->btf, type_id);

	*ret = t ? btf_image_str(&o->btf, t->name_off) : "";
	return core_essence_len(*ret);
}

/*
 * The start of the function that contains an instruction of a section; 0 without information about
 * functions.
 */
static uint32_t function_of(const struct object_types *o, const char *section, uint32_t insn_off)
{
	const struct btf_ext_table *funcs = &o->ext.tables[BTF_EXT_FUNCS];
	uint32_t begin = 0;

	for (size_t i = 0; i < funcs->n; i++) {
		const struct btf_ext_section *s = &funcs->sections[i];

		for (uint32_t k = 0; !strcmp(s->name, section) && k < s->n; k++) {
			uint32_t off = btf_ext_func(s, k).insn_off;

			if (off <= insn_off && off > begin)
				begin = off;
		}
	}
	return begin;
}

/* A relocation whose target may be missing, and its program. */
struct wanting {
	const struct object_types *o;
	const char *name;		/* the type's */
	size_t len;
	const char *section;
	uint32_t function;
};

/*
 * The checks of one program do not guard the code of another. Functions in .text may be called by
 * every program.
 */
static bool may_guard(const struct wanting *w, const struct btf_ext_section *s, uint32_t insn_off)
{
	if (!strcmp(w->section, ".text") || !strcmp(s->name, ".text"))
		return true;
	return !strcmp(w->section, s->name) && w->function == function_of(w->o, s->name, insn_off);
}

static bool is_asked_about(const struct wanting *w, const struct btf_ext_section *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct btf_ext_relo r = btf_ext_relo(&w->o->ext, s, i);
		const char *its;

		if (is_question(r.kind) && essence(w->o, r.type_id, &its) == w->len &&
		    !strncmp(its, w->name, w->len) && may_guard(w, s, r.insn_off))
			return true;
	}
	return false;
}

/*
 * All other kinds patch an instruction: without a target it becomes invalid and the verifier
 * rejects it, unless the program never reaches it. Programs that check the type, in any flavor, are
 * assumed to ensure that.
 */
static bool may_be_absent(const struct object_types *o, const struct btf_ext_section *s,
			  const struct btf_ext_relo *r)
{
	const struct btf_ext_table *relos = &o->ext.tables[BTF_EXT_RELOS];
	struct wanting w = { .o = o, .section = s->name };
	bool asked = is_question(r->kind);

	w.len = essence(o, r->type_id, &w.name);
	w.function = function_of(o, s->name, r->insn_off);
	for (size_t i = 0; !asked && w.len && i < relos->n; i++)
		asked = is_asked_about(&w, &relos->sections[i]);
	return asked;
}

static void report_absent(struct min_core *m, const struct object_types *o,
			  const struct btf_ext_section *s, uint32_t i)
{
	struct err why = {};

	fail_record(&why, -ENOENT, o, s, i, "not found in this BTF");
	fail_msg(m->ctx->err, -ENOENT, "'%s': %s", m->path, why.text);
	err_hint(m->ctx->err, "the program fails to load on that kernel unless the access is "
			      "guarded, for example by bpf_core_field_exists()");
	/* Scripts run bpftool for many kernels, and it never reports this. */
	if (ctx_is_bpftool(m->ctx)) {
		notice(m->ctx, "%s", m->ctx->err->text);
		err_clear(m->ctx->err);
	} else {
		report_and_skip(m->ctx);
	}
	err_clear(&why);
}

static int keep_record(struct err *e, struct min_core *m, const struct object_types *o,
		       const struct btf_ext_section *s, uint32_t i)
{
	struct btf_ext_relo r = btf_ext_relo(&o->ext, s, i);
	struct core_match match;
	struct err why = {};
	int err = core_relo_find(&why, o->finder, &r, &match);

	if (!err && !may_be_absent(o, s, &r))
		report_absent(m, o, s, i);
	if (err > 0)
		err = keep_match(&why, m->subset, &match);
	if (err)
		fail_record(e, err, o, s, i, why.text);
	err_clear(&why);
	return err;
}

static int keep_all(struct err *e, struct min_core *m, const struct object_types *o)
{
	const struct btf_ext_table *relos = &o->ext.tables[BTF_EXT_RELOS];
	int err = 0;

	for (size_t i = 0; i < relos->n; i++)
		for (uint32_t k = 0; !err && k < relos->sections[i].n; k++)
			err = keep_record(e, m, o, &relos->sections[i], k);
	return err;
}

static int add_elf(struct err *e, struct min_core *m, const struct buf *file)
{
	auto_elf struct elf_image elf = {};
	struct object_types o = {};
	uint32_t types = 0, notes = 0;
	int err = elf_image_open(e, &elf, file->data, file->len);

	err = err ?: elf_check_layout(e, &elf);
	err = err ?: elf_find_section(e, &elf, ".BTF", &types);
	err = err ?: elf_find_section(e, &elf, ".BTF.ext", &notes);
	err = err ?: read_types(e, &elf, types, &o);
	err = err ?: read_notes(e, &elf, notes, &o);
	err = err ?: core_finder_new(e, m->target, &o.btf, &o.finder);
	err = err ?: keep_all(e, m, &o);
	object_types_free(&o);
	return err;
}

static int add_object(struct ctx *ctx, struct min_core *m, const char *path)
{
	struct err why = {};
	struct buf file = {};
	int err = file_read_kind(ctx->err, path, &object_file_kind, &file);

	if (!err) {
		m->path = path;
		err = add_elf(&why, m, &file);
		if (err)
			fail_in(ctx->err, err, path, &why);
	}
	buf_free(&file);
	return err;
}

static int open_types(struct err *e, const struct btf_source *src, struct min_core *m)
{
	int err = 0;

	if (src->base.data) {
		err = btf_image_open(e, src->base.data, src->base.len, &m->base);
		err = err ?: btf_image_check(e, &m->base);
	}
	err = err
		      ?: btf_image_open_split(e, src->own.data, src->own.len,
					      src->base.data ? &m->base : NULL, &m->own);
	err = err ?: btf_image_check(e, &m->own);
	err = err ?: core_target_new(e, &m->own, &m->target);
	return err ?: btf_subset_new(e, &m->own, &m->subset);
}

static int prepare(struct ctx *ctx, const struct btf_source *src, const char *path,
		   struct min_core *m)
{
	struct err why = {};
	int err = open_types(&why, src, m);

	if (!err)
		return 0;
	if (!src->base.data && btf_image_is_split(src->own.data, src->own.len))
		err_hint(&why, "module BTF is split: name its base with -B");
	return fail_in(ctx->err, err, path, &why);
}

static int write_min_core(struct ctx *ctx, struct min_core *m, const char *path)
{
	struct buf b = {};
	int err = btf_subset_write(ctx->err, m->subset, BTF_SUBSET_LAYOUT, &b);

	err = err ?: file_write_mode(ctx->err, path, b.data, b.len, FILE_MODE_USUAL);
	buf_free(&b);
	if (!err)
		ctx_changed(ctx, "'%s' is written", path);
	return err;
}

static int open_source(struct ctx *ctx, const struct min_core_args *a, struct btf_source *ret)
{
	return streq(a->in, of_modules) ? btf_source_modules(ctx, ret)
					: btf_source_files(ctx, &a->in, 1, ret);
}

static int gen_min_core(struct ctx *ctx, const void *args)
{
	const struct min_core_args *a = args;
	struct args objects = a->objects;
	struct btf_source src = {};
	struct min_core m = { .ctx = ctx };
	const char *path;
	int err;

	if (!args_left(&objects))
		return fail_usage(ctx->err, "missing OBJECT");
	err = open_source(ctx, a, &src);
	err = err ?: prepare(ctx, &src, a->in, &m);
	while (!err && (path = args_next(&objects)))
		err = add_object(ctx, &m, path);
	err = err ?: write_min_core(ctx, &m, a->out);
	min_core_free(&m);
	btf_source_close(&src);
	return err;
}

static void complete_input(struct ctx *ctx, UNUSED const char *selector, UNUSED const char *typed)
{
	complete_word(ctx, of_modules);
}

static const struct param min_core_params[] = {
	PARAM_PATH(struct min_core_args, in, "", "INPUT|modules",
		   "BTF of a kernel, or the running kernel's with all modules",
		   .flags = PF_REQUIRED, .complete = complete_input),
	PARAM_PATH(struct min_core_args, out, "", "OUTPUT", "the file to write",
		   .flags = PF_REQUIRED),
	PARAM_PATHS(struct min_core_args, objects, "OBJECT", "object files with CO-RE relocations"),
	{}
};

const struct cmd gen_min_core_btf_cmd = {
	.name = "min_core_btf", .help = "minimal kernel BTF for the CO-RE relocations of objects",
	.params = min_core_params, .args_size = sizeof(struct min_core_args),
	.run = gen_min_core, .flags = CMD_BASE_BTF,
};
