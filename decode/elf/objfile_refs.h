/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the programs of an object use: maps, variables, functions, helpers, things of the kernel's. */
#ifndef DECODE_OBJ_REFS_H
#define DECODE_OBJ_REFS_H

#include "cli/defs.h"

struct err;
struct obj_func;
struct obj_view;

enum obj_ref_kind {
	OBJ_REF_MAP,			/* id: byte of .maps where its definition stands */
	OBJ_REF_DATA,			/* id: the section */
	OBJ_REF_FUNC,			/* id: index in obj_view.funcs; called, or its address taken */
	OBJ_REF_EXTERN,			/* id: index of the symbol: a kfunc, a ksym, a kconfig value */
	OBJ_REF_HELPER,			/* id: number of the kernel's function */
};

struct obj_ref {
	enum obj_ref_kind kind;
	uint32_t id;
};

struct obj_refs {
	struct obj_ref *all;		/* owned; sorted by kind and id, each once */
	size_t n, max;
};

#define auto_obj_refs __attribute__((cleanup(obj_refs_free)))
void obj_refs_free(struct obj_refs *refs);

struct obj_uses;

/* All functions are read at once. NULL and a stored error when there is no memory. */
struct obj_uses *obj_uses_new(struct err *e, const struct obj_view *v);
void obj_uses_free(struct obj_uses *u);

#define auto_obj_uses __attribute__((cleanup(cleanup_obj_uses)))

static inline void cleanup_obj_uses(struct obj_uses **u)
{
	obj_uses_free(*u);
}

/*
 * What a function uses, together with all those it calls. 0, or -E2BIG with the error stored: more
 * functions or references than the kernel would take by far. ret must be zeroed.
 */
int obj_uses_of(struct err *e, const struct obj_uses *u, const struct obj_func *f, struct obj_refs *ret);

#endif
