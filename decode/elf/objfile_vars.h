/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The variables of an object's section, from BTF and symbols: data, map definitions, struct_ops
 * tables. */
#ifndef DECODE_ELF_OBJFILE_VARS_H
#define DECODE_ELF_OBJFILE_VARS_H

#include "decode/elf/objfile_view.h"

struct objfile_var {
	const char *name;
	uint32_t type;			/* id of its BTF type; 0: not known */
	uint32_t off, size;		/* bytes, within the section; checked to lie in it */
	const Elf64_Sym *sym;		/* NULL: only in BTF */
	bool is_static, is_weak, is_hidden;
};

struct objfile_vars {
	struct objfile_var *all;		/* owned; by offset */
	size_t n;
};

#define auto_objfile_vars __attribute__((cleanup(objfile_vars_free)))
void objfile_vars_free(struct objfile_vars *vars);

/* Returns 0, or an error that names the variable. ret must be zeroed. */
int objfile_vars_read(struct err *e, const struct objfile *v, uint32_t section,
		      struct objfile_vars *ret);
/* The one that starts at this offset, or NULL. */
const struct objfile_var *objfile_vars_at(const struct objfile_vars *vars, uint64_t off);

/*
 * Symbols that are defined elsewhere. In this order: kconfig values, ksyms, the rest, each in the
 * order of BTF or the symbols.
 */
enum objfile_extern_kind {
	OBJFILE_EXTERN_KCONFIG,
	OBJFILE_EXTERN_KFUNC,		/* a kernel function */
	OBJFILE_EXTERN_KSYM,		/* a kernel variable */
	OBJFILE_EXTERN_OBJECT,		/* defined in another object, to be linked with this one */
};

struct objfile_extern {
	enum objfile_extern_kind kind;
	const char *name;
	uint32_t type;			/* FUNC or the variable's type; 0: not known */
	bool is_weak;
};

struct objfile_externs {
	struct objfile_extern *all;		/* owned */
	size_t n;
};

#define auto_objfile_externs __attribute__((cleanup(objfile_externs_free)))
void objfile_externs_free(struct objfile_externs *x);
int objfile_externs_read(struct err *e, const struct objfile *v, struct objfile_externs *ret);

#endif
