/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the programs of an object use: maps, variables, functions, helpers, kernel symbols. */
#ifndef DECODE_ELF_OBJFILE_REFS_H
#define DECODE_ELF_OBJFILE_REFS_H

#include "cli/defs.h"

struct err;
struct objfile_func;
struct objfile;

enum objfile_ref_kind {
	OBJFILE_REF_MAP,    /* id: offset of its definition in .maps */
	OBJFILE_REF_DATA,   /* id: the section */
	OBJFILE_REF_FUNC,   /* id: index in objfile.funcs; called, or its address loaded */
	OBJFILE_REF_EXTERN, /* id: index of the symbol: a kfunc, a ksym, a kconfig value */
	OBJFILE_REF_HELPER, /* id: number of the helper */
};

struct objfile_ref {
	enum objfile_ref_kind kind;
	uint32_t id;
};

struct objfile_refs {
	struct objfile_ref *all;		/* owned; sorted by kind and id, unique */
	size_t n, max;
};

#define auto_objfile_refs __attribute__((cleanup(objfile_refs_free)))
void objfile_refs_free(struct objfile_refs *refs);

struct objfile_uses;

/* Reads all functions at once. NULL and a stored error if out of memory. */
struct objfile_uses *objfile_uses_new(struct err *e, const struct objfile *v);
void objfile_uses_free(struct objfile_uses *u);

#define auto_objfile_uses __attribute__((cleanup(cleanup_objfile_uses)))

static inline void cleanup_objfile_uses(struct objfile_uses **u)
{
	objfile_uses_free(*u);
}

/*
 * What a function uses, including all functions it calls. Returns 0, or -E2BIG with the error
 * stored: far more functions or references than the kernel accepts. ret must be zeroed.
 */
int objfile_uses_of(struct err *e, const struct objfile_uses *u, const struct objfile_func *f,
		    struct objfile_refs *ret);

#endif
