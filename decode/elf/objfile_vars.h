/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The variables of an object's section, from BTF and symbols: data, map definitions, struct_ops tables. */
#ifndef DECODE_OBJ_VARS_H
#define DECODE_OBJ_VARS_H

#include "decode/elf/objfile_view.h"

struct obj_var {
	const char *name;
	uint32_t type;			/* id of its BTF type; 0: not known */
	uint32_t off, size;		/* bytes, within the section; checked to lie in it */
	const Elf64_Sym *sym;		/* NULL: BTF alone knows it */
	bool is_static, is_weak, is_hidden;
};

struct obj_vars {
	struct obj_var *all;		/* owned; by offset */
	size_t n;
};

#define auto_obj_vars __attribute__((cleanup(obj_vars_free)))
void obj_vars_free(struct obj_vars *vars);

/* 0, or an error that names the variable. ret must be zeroed. */
int obj_vars_read(struct err *e, const struct obj_view *v, uint32_t section, struct obj_vars *ret);
/* The one that begins at this offset, or NULL. */
const struct obj_var *obj_vars_at(const struct obj_vars *vars, uint64_t off);

/*
 * What the object expects from elsewhere. Its order: kconfig values, ksyms, the rest, each as BTF or the
 * symbols have them.
 */
enum obj_extern_kind {
	OBJ_EXTERN_KCONFIG,
	OBJ_EXTERN_KFUNC,		/* a function of the kernel's */
	OBJ_EXTERN_KSYM,		/* a variable of the kernel's */
	OBJ_EXTERN_OBJECT,		/* defined in another object, to be linked to this one */
};

struct obj_extern {
	enum obj_extern_kind kind;
	const char *name;
	uint32_t type;			/* FUNC or the variable's type; 0: not known */
	bool is_weak;
};

struct obj_externs {
	struct obj_extern *all;		/* owned */
	size_t n;
};

#define auto_obj_externs __attribute__((cleanup(obj_externs_free)))
void obj_externs_free(struct obj_externs *x);
int obj_externs_read(struct err *e, const struct obj_view *v, struct obj_externs *ret);

#endif
