// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl obj: contents of object files, without loading them and without privileges. This file has
 * the command and the data about the file as a whole; programs, maps, variables and relocations
 * have separate files.
 */
#include <errno.h>

#include "commands.h"
#include "json_writer.h"
#include "load/object.h"
#include "obj/part.h"
#include "obj/sections.h"

struct objfile_show_args {
	struct args files;
	bool relocs;
};

/* A million integers; more are not shown. */
#define VALUES_MAX 4000000
#define SECTIONS_MAX 1024	/* with variables: types and symbols are searched for each */

static void show_version(struct objfile_show *s)
{
	size_t len;
	const uint8_t *bytes = objfile_bytes(&s->view, objfile_section(&s->view, "version"), &len);
	uint32_t version;
	char text[32];

	if (len < sizeof(version))
		return;
	memcpy(&version, bytes, sizeof(version));
	snprintf(text, sizeof(text), "%u.%u.%u", version >> 16, version >> 8 & 255, version & 255);
	out_str(s->ctx->out, "version", "version %s", text);
}

static void show_btf(struct objfile_show *s)
{
	struct out *o = s->ctx->out;

	if (!s->view.btf_len) {
		out_item(o, "no BTF");
		return;
	}
	out_rec(o, "btf");
	out_uint(o, "size", "btf %lluB", s->view.btf_len);
	out_count(o, "types", "%llu type", "%llu types", s->view.n_types);
	out_rec_end(o);
	if (!s->view.btf_ext)
		return;
	out_rec(o, "btf_ext");
	out_uint(o, "size", "btf_ext %lluB", s->view.img.shdrs[s->view.btf_ext].sh_size);
	out_count(o, "lines", "%llu line", "%llu lines", s->ext.n_lines);
	out_count(o, "relocs", "%llu reloc", "%llu relocs", s->ext.n_relos);
	out_rec_end(o);
}

static bool is_little(const struct objfile *v)
{
	return (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) != v->foreign;
}

static void show_head(struct objfile_show *s)
{
	struct out *o = s->ctx->out;
	char license[128];

	objfile_section_text(&s->view, "license", license, sizeof(license));
	out_str(o, "file", "%s:", s->path);
	out_line(o);
	out_uint(o, "class", "%llu-bit", 64);
	out_str(o, "byte_order", "%s-endian", is_little(&s->view) ? "little" : "big");
	out_uint(o, "size", "%lluB", s->view.file_len);
	out_line(o);
	if (license[0])
		out_str(o, "license", "license %s", license);
	else
		out_item(o, "no license");
	show_version(s);
	out_line(o);
	show_btf(s);
	if (s->view.n_legacy)
		out_line(o);
	out_flag(o, "legacy_maps", "legacy map definitions (SEC(\"maps\"))", s->view.n_legacy);
	if (s->view.foreign)
		out_line(o);
	if (s->view.foreign)
		out_item(o, "initial values are bytes: the file has the other byte order");
	out_text(o, "\n");
}

static int show_parts(struct objfile_show *s)
{
	static int (*const parts[])(struct objfile_show * s) = {
		objfile_show_progs,	 objfile_show_subprogs, objfile_show_maps,
		objfile_show_struct_ops, objfile_show_vars,	objfile_show_externs,
		objfile_show_relocs,
	};
	int err = 0;

	for (size_t i = 0; !err && i < ARRAY_SIZE(parts); i++)
		err = parts[i](s);
	return err;
}

static int check_sections(struct err *e, const struct objfile *v)
{
	unsigned int n = 0;

	for (uint32_t i = 1; i < v->img.n_shdrs; i++)
		n += objfile_has_variables(elf_section_name(&v->img, i));
	return n > SECTIONS_MAX ? fail_msg(e, -E2BIG, "it has %u sections with variables", n) : 0;
}

static int read_file(struct objfile_show *s)
{
	auto_free void *data = NULL;
	struct err why = {};
	uint32_t maps;
	size_t len = 0;
	int err = object_read(s->ctx, s->path, &data, &len);

	if (err)
		return err;
	err = objfile_open(&why, data, len, &s->view);
	err = err ?: check_sections(&why, &s->view);
	maps = err ? 0 : objfile_section(&s->view, ".maps");
	if (maps)
		err = objfile_vars_read(&why, &s->view, maps, &s->maps);
	err = err ?: objfile_externs_read(&why, &s->view, &s->externs);
	err = err ?: objfile_ext_read(&why, &s->view, &s->ext);
	return objfile_fail(s, err, &why);
}

static int show_file(struct ctx *ctx, const char *path, bool all_relocs)
{
	struct objfile_show s = {
		.ctx = ctx, .path = path, .budget = VALUES_MAX, .all_relocs = all_relocs
	};
	int err;

	err_log_clear(ctx->err);
	err = read_file(&s);
	if (!err) {
		out_rec(ctx->out, NULL);
		show_head(&s);
		err = show_parts(&s);
	}
	if (!err)
		out_rec_end(ctx->out);
	objfile_ext_free(&s.ext);
	objfile_externs_free(&s.externs);
	objfile_vars_free(&s.maps);
	objfile_close(&s.view);
	return err;
}

/* One bad file of several is reported in its place. */
static int show_files(struct ctx *ctx, const struct objfile_show_args *a)
{
	struct args files = a->files;
	const char *path;

	out_list(ctx->out, NULL, NULL);
	for (unsigned int i = 0; (path = args_next(&files)) && !out_failed(ctx->out); i++) {
		unsigned int depth = out_depth(ctx->out);

		if (i)
			out_text(ctx->out, "\n");
		if (!show_file(ctx, path, a->relocs))
			continue;
		out_rollback(ctx->out);
		report_and_skip(ctx);
		out_unwind(ctx->out, depth);
	}
	out_list_end(ctx->out);
	return 0;
}

static int objfile_show(struct ctx *ctx, const void *args)
{
	const struct objfile_show_args *a = args;

	if (a->files.n == 1)
		return show_file(ctx, a->files.words[0], a->relocs);
	return show_files(ctx, a);
}

/*
 * One more file: they are consecutive words, so the position of the first and their number suffice.
 */
static int take_file(UNUSED struct ctx *ctx, struct args *a, void *member)
{
	struct args *files = member;
	const char *path = args_next(a);

	if (!path)
		return -EINVAL;
	if (!files->n++)
		files->words = a->words + a->at - 1;
	return 0;
}

static const struct param show_params[] = {
	PARAM_CUSTOM(struct objfile_show_args, files, struct args, "", "FILE", take_file,
		     "object files", .flags = PF_REQUIRED | PF_REPEAT, .complete = complete_file),
	PARAM_FLAG(struct objfile_show_args, relocs, "relocs", "list the CO-RE relocations"),
	{}
};

static const struct cmd obj_show_cmd = {
	.name = "show", .help = "show the contents of object files without loading",
	.params = show_params, .args_size = sizeof(struct objfile_show_args),
	.run = objfile_show, .flags = CMD_DEFAULT,
};

static const struct cmd *const obj_cmds[] = {
	&obj_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&(const struct cmd){ .name = "help" },
	NULL
};

const struct cmd obj_cmd = {
	.name = "obj", .help = "object files: show their contents",
	.sub = obj_cmds,
};
