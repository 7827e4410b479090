// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* -o FILE: another writer in the place of the one to stdout while a command runs. */
#include "output.h"

#include <errno.h>

#include "cli/file.h"
#include "json_writer.h"

static int run_into(struct ctx *ctx, struct out *o, int (*run)(struct ctx *ctx, const void *args),
		    const void *args)
{
	struct out *before = ctx->out;
	int err;

	ctx->out = o;
	out_begin(o);
	err = run(ctx, args);
	out_end(o, ctx->err);
	ctx->out = before;
	return err;
}

static int write_file(struct ctx *ctx, const char *path, struct out *o, struct new_file *f,
		      int (*run)(struct ctx *ctx, const void *args), const void *args)
{
	int err = o ? run_into(ctx, o, run, args) : fail(ctx->err, -ENOMEM, "write '%s'", path);
	int write_err = out_close(o);

	if (!err && write_err)
		err = fail(ctx->err, write_err, "write '%s'", path);
	if (!err)
		return file_finish(ctx->err, f);
	file_abandon(f);
	return err;
}

int output_run(struct ctx *ctx, const char *path, int (*run)(struct ctx *ctx, const void *args),
	       const void *args)
{
	struct new_file f;
	int err = path ? file_begin(ctx->err, path, FILE_MODE_USUAL, &f) : 0;

	if (!path)
		return run(ctx, args);
	return err ? err : write_file(ctx, path, out_open_like(ctx->out, f.fd), &f, run, args);
}

int output_run_text(struct ctx *ctx, const char *path,
		    int (*run)(struct ctx *ctx, const void *args),
		    const void *args)
{
	struct new_file f;
	int err;

	if (!path && out_is_json(ctx->out)) {
		err = fail_msg(ctx->err, -EOPNOTSUPP, "this is text, not JSON");
		err_hint(ctx->err, "write it to a file: -o FILE");
		return err;
	}
	if (!path)
		return run(ctx, args);
	err = file_begin(ctx->err, path, FILE_MODE_USUAL, &f);
	return err ? err : write_file(ctx, path, out_open(f.fd, OUT_TEXT), &f, run, args);
}
