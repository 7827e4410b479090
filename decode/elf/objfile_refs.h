/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the programs of an object use: maps, variables, functions, helpers, things of the kernel's.
 */
#ifndef DECODE_ELF_OBJFILE_REFS_H
#define DECODE_ELF_OBJFILE_REFS_H

#include "cli/defs.h"

struct err;
struct objfile_func;
struct objfile;

enum objfile_ref_kind {
	OBJFILE_REF_MAP,    /* id: byte of .maps where its definition stands */
	OBJFILE_REF_DATA,   /* id: the section */
	OBJFILE_REF_FUNC,   /* id: index in objfile.funcs; called, or its address taken */
	OBJFILE_REF_EXTERN, /* id: index of the symbol: a kfunc, a ksym, a kconfig value */
	OBJFILE_REF_HELPER, /* id: number of the kernel's function */
};

struct objfile_ref {
	enum objfile_ref_kind kind;
	uint32_t id;
};

struct objfile_refs {
	struct objfile_ref *all;		/* owned; sorted by kind and id, each once */
	size_t n, max;
};

#define auto_objfile_refs __attribute__((cleanup(objfile_refs_free)))
void objfile_refs_free(struct objfile_refs *refs);

struct objfile_uses;

/* All functions are read at once. NULL and a stored error when there is no memory. */
struct objfile_uses *objfile_uses_new(struct err *e, const struct objfile *v);
void objfile_uses_free(struct objfile_uses *u);

#define auto_objfile_uses __attribute__((cleanup(cleanup_objfile_uses)))

static inline void cleanup_objfile_uses(struct objfile_uses **u)
{
	objfile_uses_free(*u);
}

/*
 * What a function uses, together with all those it calls. 0, or -E2BIG with the error stored: more
 * functions or references than the kernel would take by far. ret must be zeroed.
 */
int objfile_uses_of(struct err *e, const struct objfile_uses *u, const struct objfile_func *f,
		    struct objfile_refs *ret);

#endif
