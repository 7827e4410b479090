// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Messages of a command beside its data. main determines how they are shown: it sets the two hooks.
 */
#include "cli/ctx.h"

#include <stdarg.h>

#define NOTICE_MAX 1024

bool ctx_is_bpftool(const struct ctx *ctx)
{
	return (ctx->opts && ctx->opts->compat) ||
	       (ctx->progname && streq(ctx->progname, "bpftool"));
}

void notice(struct ctx *ctx, const char *fmt, ...)
{
	char text[NOTICE_MAX];
	va_list ap;

	if (!ctx->say)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ctx->say(ctx, text);
}

void ctx_changed(struct ctx *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctx->change, sizeof(ctx->change), fmt, ap);
	va_end(ap);
	ctx->n_changes++;
}

void ctx_forget_changes(struct ctx *ctx)
{
	ctx->n_changes = 0;
	ctx->change[0] = '\0';
}

void ctx_hint_changes(struct ctx *ctx)
{
	if (!ctx->n_changes)
		return;
	if (ctx->n_changes > 1)
		err_hint_more(ctx->err, "%u changes were made, the last: %s", ctx->n_changes,
			      ctx->change);
	else
		err_hint_more(ctx->err, "the change was made: %s", ctx->change);
	ctx->err->after_change = true;
	ctx_forget_changes(ctx);
}

void report_and_skip(struct ctx *ctx)
{
	if (ctx->report)
		ctx->report(ctx);
	err_clear(ctx->err);
	ctx->n_partly++;
}

void unread(struct ctx *ctx, int err, const char *need, const char *fmt, ...)
{
	char what[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	fail(ctx->err, err, "%s", what);
	if (need)
		err_hint_denied(ctx->err, need);
	report_and_skip(ctx);
}
