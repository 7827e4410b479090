/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * New BTF from some types of other BTF, and of structs some members: they keep their names, sizes
 * and places, ids are given anew in the old order.
 */
#ifndef DECODE_BTF_SUBSET_H
#define DECODE_BTF_SUBSET_H

#include "cli/defs.h"

struct btf_image;
struct btf_subset;
struct buf;
struct err;

/* img was checked (btf_image_check()) and must outlive it; split BTF is merged with its base. */
int btf_subset_new(struct err *e, const struct btf_image *img, struct btf_subset **ret);
void btf_subset_free(struct btf_subset *s);

/* How much of a type. Typedefs, qualifiers, elements of arrays and enumerators are always kept with
 * it. */
enum btf_keep {
	BTF_KEEP_SHELL,	  /* of structs only name and size; pointers to types that are not kept lead
			     to void */
	BTF_KEEP_REACHED, /* and what pointers and functions in it lead to, as shells */
	BTF_KEEP_VALUE,	  /* all that a value is made of; structs that pointers lead to are declared
			     forward, functions void */
	BTF_KEEP_CONTENT, /* and all members, but not those of structs that pointers lead to */
};

/* 0, or a negative errno with the error stored: no memory, or a type that data cannot be of. id 0:
 * nothing. */
int btf_subset_keep(struct err *e, struct btf_subset *s, uint32_t id, enum btf_keep how);
/* Keep a struct or union as a shell, and one of its members with its type's shell. index < its
 * vlen. */
int btf_subset_keep_member(struct err *e, struct btf_subset *s, uint32_t id, uint32_t index);

/* The new BTF, in this machine's byte order, into b, which is empty (owned by the caller). 0, or
 * the error is stored. */
int btf_subset_write(struct err *e, struct btf_subset *s, struct buf *b);
/* What a type is called there, afterwards; 0: it was not kept. */
uint32_t btf_subset_id(const struct btf_subset *s, uint32_t id);

#endif
