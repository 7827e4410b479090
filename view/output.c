// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* -o FILE: replaces the writer to stdout while a command runs. */
#include "view/output.h"

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

struct job {
	int (*run)(struct ctx *ctx, const void *args);
	const void *args;
	bool as_text;
};

static int run_to_file(struct ctx *ctx, const char *path, const struct job *job)
{
	struct new_file f;
	struct out *o;
	int err, write_err;

	err = file_begin(ctx->err, path, FILE_MODE_USUAL, &f);
	if (err)
		return err;
	o = job->as_text ? out_open(f.fd, OUT_TEXT) : out_open_like(ctx->out, f.fd);
	err = o ? run_into(ctx, o, job->run, job->args)
		: fail(ctx->err, -ENOMEM, "write '%s'", path);
	write_err = out_close(o);
	if (!err && write_err)
		err = fail(ctx->err, write_err, "write '%s'", path);
	if (err) {
		file_abandon(&f);
		return err;
	}
	err = file_finish(ctx->err, &f);
	if (!err)
		ctx_changed(ctx, "'%s' is written", path);
	return err;
}

int output_run(struct ctx *ctx, const char *path, int (*run)(struct ctx *ctx, const void *args),
	       const void *args)
{
	return path ? run_to_file(ctx, path, &(struct job){ run, args, false }) : run(ctx, args);
}

int output_run_text(struct ctx *ctx, const char *path,
		    int (*run)(struct ctx *ctx, const void *args), const void *args)
{
	return path ? run_to_file(ctx, path, &(struct job){ run, args, true }) : run(ctx, args);
}

int output_flush(struct ctx *ctx, unsigned long long n, const char *noun, const char *from)
{
	int err = out_flush(ctx->out);

	if (err && err != -EPIPE && n)
		ctx_changed(ctx, "the last %llu %s %s read from %s", n, noun,
			    plural(n, "was", "were"), from);
	return err ? OUTPUT_LOST : 0;
}
