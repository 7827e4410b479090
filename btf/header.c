// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * btf header: vmlinux.h, of the running kernel or of files, optionally with modules' types or only
 * some types.
 */
#include "btf/btf.h"

#include <errno.h>

#include "decode/btf/c.h"
#include "decode/btf/find.h"
#include "json_writer.h"
#include "view/output.h"

struct btf_header_args {
	struct btf_files files;
	struct btf_names only;
	bool modules;
	const char *output;
};

/* "only task_struct,struct file": the words live as long as the arguments. */
static int parse_only(struct ctx *ctx, struct args *a, void *member)
{
	const char *word = args_next(a);
	size_t len = strlen(word) + 1;
	char *list = cmd_alloc(ctx, len), *name;
	int err = 0;

	if (!list)
		return fail(ctx->err, -ENOMEM, "read 'only'");
	memcpy(list, word, len);
	while (!err && (name = strsep(&list, ",")))
		err = *name ? btf_names_add(ctx, member, "names", name) :
			      fail_usage(ctx->err, "'only %s' has an empty name", word);
	return err;
}

static int open_source(struct ctx *ctx, const struct btf_header_args *a, struct btf_source *ret)
{
	if (a->modules)
		return btf_source_modules(ctx, ret);
	if (a->files.n)
		return btf_source_files(ctx, a->files.paths, a->files.n, ret);
	return btf_source_kernel(ctx, ret);
}

static int write_header(struct ctx *ctx, const struct btf_header_args *a,
			const struct btf_source *src)
{
	const struct btf_image *img = &src->img;
	struct btf_c c = { .img = img, .with_base = true };
	struct btf_ids ids = {};
	int err = btf_source_check(ctx, src);

	for (size_t i = 0; !err && i < a->only.n; i++)
		err = btf_find_by_name(ctx->err, img, a->only.names[i], &ids);
	if (!err)
		err = btf_ids_unique(ctx->err, img, &ids);
	c.ids = ids.n ? ids.ids : NULL;
	c.n_ids = ids.n;
	if (!err)
		err = btf_c_dump(ctx->err, ctx->out, &c);
	btf_ids_free(&ids);
	return err;
}

static int header_write(struct ctx *ctx, const void *args)
{
	const struct btf_header_args *a = args;
	struct btf_source src = {};
	int err = open_source(ctx, a, &src);

	if (!err)
		err = btf_source_view(ctx, &src);
	if (!err)
		err = write_header(ctx, a, &src);
	btf_source_close(&src);
	return err;
}

static int btf_header(struct ctx *ctx, const void *args)
{
	const struct btf_header_args *a = args;

	if (a->modules && a->files.n)
		return fail_usage(ctx->err,
				  "'modules' belongs to the running kernel, not to a file");
	if (!a->output && out_is_json(ctx->out)) {
		fail_msg(ctx->err, -EOPNOTSUPP, "a header is text and cannot be JSON");
		err_hint(ctx->err, "write it to a file: -o FILE");
		return -EOPNOTSUPP;
	}
	return output_run_text(ctx, a->output, header_write, args);
}

static const struct param btf_header_params[] = {
	PARAM_CUSTOM(struct btf_header_args, files, struct btf_files, "file", "FILE",
		     btf_parse_file,
		     "types from this file, not from the running kernel", .flags = PF_REPEAT,
		     .complete = complete_file),
	PARAM_FLAG(struct btf_header_args, modules, "modules",
		   "also the types of all loaded modules"),
	PARAM_CUSTOM(struct btf_header_args, only, struct btf_names, "only", "NAME[,NAME...]",
		     parse_only,
		     "only these types, and what they need", .flags = PF_REPEAT),
	PARAM_OUTPUT(struct btf_header_args, output),
	{ }
};

const struct cmd btf_header_cmd = {
	.name = "header", .help = "write a C header (vmlinux.h)",
	.params = btf_header_params, .args_size = sizeof(struct btf_header_args),
	.run = btf_header, .flags = CMD_BASE_BTF,
};
