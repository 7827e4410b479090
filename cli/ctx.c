// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a command tells beside its data. How it is shown is main's business: it set the two hooks.
 */
#include "ctx.h"

#include <stdarg.h>

#define NOTICE_MAX 1024

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

void partly(struct ctx *ctx)
{
	if (ctx->report)
		ctx->report(ctx);
	err_clear(ctx->err);
	ctx->n_partly++;
}
