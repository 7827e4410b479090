/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * New BTF from some types of other BTF, and some members of structs: they keep their names, sizes
 * and offsets, ids are assigned anew in the old order.
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

/*
 * How much of a type to keep. Typedefs, qualifiers, elements of arrays and enumerators are always
 * kept with it.
 */
enum btf_keep {
	BTF_KEEP_SHELL,	  /* for structs only name and size; pointers to types that are not kept
			   * become void pointers */
	BTF_KEEP_REACHED, /* also what pointers and functions in it lead to, as shells */
	BTF_KEEP_VALUE,	  /* everything that a value consists of; structs after pointers are
			   * declared forward, functions become void */
	BTF_KEEP_CONTENT, /* also all members, but not those of structs after pointers */
};

/*
 * Returns 0, or a negative errno with the error stored: out of memory, or not a type of data. id 0:
 * nothing.
 */
int btf_subset_keep(struct err *e, struct btf_subset *s, uint32_t id, enum btf_keep how);
/*
 * Keeps a struct or union as a shell, and one of its members with its type's shell. index < its
 * vlen.
 */
int btf_subset_keep_member(struct err *e, struct btf_subset *s, uint32_t id, uint32_t index);

/* With the layout section of the old BTF, if it has one. Kernels before 7.1 refuse to load that. */
#define BTF_SUBSET_LAYOUT 1

/*
 * Writes the new BTF, in this machine's byte order, into b, which is empty (owned by the caller).
 * Types of unknown kinds are not kept, what refers to them refers to void. Returns 0, or the error
 * is stored.
 */
int btf_subset_write(struct err *e, struct btf_subset *s, int flags, struct buf *b);
/* The id of a type in the new BTF; 0: it was not kept. */
uint32_t btf_subset_id(const struct btf_subset *s, uint32_t id);

#endif
