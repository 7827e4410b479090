/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* BTF as a C header (compat.md 10.2). */
#ifndef DECODE_BTF_C_H
#define DECODE_BTF_C_H

#include "decode/btf/image.h"

struct buf;
struct err;
struct out;

struct btf_c {
	const struct btf_image *img;	/* checked, as its base: btf_image_check() */
	const uint32_t *ids; /* only these and what they need; NULL: all of the image's own */
	size_t n_ids;
	bool with_base;			/* the base's types too */
	bool unsorted;			/* by id instead of by kind and name */
};

/* Text only. 0, or a negative errno with the error stored. */
int btf_c_dump(struct err *e, struct out *o, const struct btf_c *c);

/* Declarations one by one, for text of the caller's. Enumerators get other names when they come
 * again. */
struct btf_c_decls;

/* img, which was checked, and of BPF's pointers, must outlive it. 0 or -ENOMEM. */
int btf_c_decls_new(const struct btf_image *img, struct btf_c_decls **ret);
void btf_c_decls_free(struct btf_c_decls *w);

#define BTF_C_NO_MODS 1		/* const, volatile and the like are left out, wherever they stand */

/*
 * Put "int (*TEXT)(void)" behind what b holds, without a ';'. Lines of structs without a name are
 * indented by level tabs. 0, or a negative errno and b as it was: the type cannot be written in C,
 * its names are no C names (-EINVAL), or it has no end (-ELOOP, -E2BIG). Together the declarations
 * of one btf_c_decls are limited, too.
 */
int btf_c_decl(struct btf_c_decls *w, struct buf *b, uint32_t id, const char *text,
	       unsigned int level, int flags);

#endif
