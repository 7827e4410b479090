/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * C text that commands generate: composed in memory, types spelled from BTF, bytes as a string
 * literal. In JSON the whole text is one string: {"header": "..."}. Memory errors are kept and
 * returned by ct_finish().
 */
#ifndef GEN_C_H
#define GEN_C_H

#include "cli/buf.h"

struct btf_c_decls;
struct btf_image;
struct ctx;

struct c_text {
	struct ctx *ctx;
	const char *name;	/* the replacement for $; not owned */
	const struct btf_image *btf;	/* NULL: no types; not owned */
	struct btf_c_decls *decls;	/* NULL: no types */
	struct buf b;		/* in text the latest part, in JSON everything */
};

#define auto_c_text __attribute__((cleanup(ct_close)))
/*
 * Returns 0, or the error is stored. name and btf must outlive it; call ct_close() in both cases.
 */
int ct_open(struct ctx *ctx, const char *name, const struct btf_image *btf, struct c_text *ret);
void ct_close(struct c_text *t);
/* Passes it to ctx->out. Returns 0, or the error is stored. */
int ct_finish(struct c_text *t);

/* Text, in which every $ is replaced by the name. */
void ct_put(struct c_text *t, const char *text);
/* Text without replacement of $. */
void ct_fmt(struct c_text *t, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* The same in upper case and _, for macro names. */
void ct_put_upper(struct c_text *t, const char *word);

/* A foreign name as a string literal: "...". */
void ct_string(struct c_text *t, const char *s);

/*
 * A string literal "..." of several lines of at most 78 columns, each byte as \xNN or \0. Its size
 * is len + 1.
 */
void ct_literal(struct c_text *t, const void *data, size_t len);

#define CT_KEEP_QUALIFIERS 1	/* keep const, volatile and restrict */
/*
 * The declaration of field as this type, without the ';' ("int (*f)(void)"). field may be in
 * parentheses or have a * before it. Lines of unnamed structs are indented by this many tabs.
 * Returns false, and writes nothing, if the type cannot be written in C. There must be types.
 */
bool ct_decl(struct c_text *t, uint32_t id, const char *field, int indent, int flags);

#endif
