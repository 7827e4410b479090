/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by refusal.c (what is known) and refusal_show.c (how it looks). */
#ifndef LOAD_REFUSAL_INT_H
#define LOAD_REFUSAL_INT_H

#include "cli/ctx.h"
#include "decode/verifier/refusal.h"
#include "load/refusal.h"

struct buf;
struct out;

/* One program. */
struct refused_prog {
	struct refused_prog *next;
	char title[ERR_TEXT_MAX]; /* the line after "Error: " */
	char prog[REFUSED_NAME_MAX];
	char log_file[256]; /* "": none */
	struct refusal r;
};

struct refusals {
	struct err_detail detail;
	struct refused_prog *first; /* owned, in the order of loading */
};

/* refusal_advice.c: a suggestion that the running kernel makes more particular. */
void refusal_advise(struct ctx *ctx, const char *prog_type, struct refusal *r);

void refusals_put_text(const struct err_detail *d, struct buf *b);
void refusals_put_json(const struct err_detail *d, struct out *o);

#endif
