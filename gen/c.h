/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * C text that commands generate: composed in memory, types spelled from BTF, bytes as a string
 * literal. In JSON the whole text is one string: {"header": "..."}. Errors of memory stick and come
 * out of ct_finish().
 */
#ifndef GEN_C_H
#define GEN_C_H

#include "cli/buf.h"

struct btf_c_decls;
struct btf_image;
struct ctx;

struct c_text {
	struct ctx *ctx;
	const char *name;	/* what $ stands for; not owned */
	const struct btf_image *btf;	/* NULL: no types; not owned */
	struct btf_c_decls *decls;	/* NULL: no types */
	struct buf b;		/* in text what was put last, in JSON all */
};

#define auto_c_text __attribute__((cleanup(ct_close)))
/* 0, or the error is stored. name and btf must outlive it; ct_close() it in any case. */
int ct_open(struct ctx *ctx, const char *name, const struct btf_image *btf, struct c_text *ret);
void ct_close(struct c_text *t);
/* Hand it to ctx->out. 0, or the error is stored. */
int ct_finish(struct c_text *t);

/* Text, in which every $ becomes the name. */
void ct_put(struct c_text *t, const char *text);
/* No $ here. */
void ct_fmt(struct c_text *t, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* The same in capital letters and _, for the names of macros. */
void ct_put_upper(struct c_text *t, const char *word);

/* "...": a name from elsewhere as a string literal. */
void ct_string(struct c_text *t, const char *s);

/*
 * "...": a string literal of several lines of at most 78 columns, each byte as \xNN or \0. The
 * literal's size is len + 1.
 */
void ct_literal(struct c_text *t, const void *data, size_t len);

#define CT_KEEP_QUALIFIERS 1	/* const, volatile and restrict stay */
/*
 * The declaration of field as this type, without the ';' ("int (*f)(void)"). field may be in
 * brackets or have a * before it. Lines of unnamed structs are indented by this many tabs. False,
 * and nothing is written: the type cannot be written in C. There must be types.
 */
bool ct_decl(struct c_text *t, uint32_t id, const char *field, int indent, int flags);

#endif
