/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* BTF as a C header (compat.md 10.2). */
#ifndef DECODE_BTF_C_H
#define DECODE_BTF_C_H

#include "decode/btf/image.h"

struct buf;
struct err;
struct out;

struct btf_c {
	const struct btf_image *img;	/* checked by btf_image_check(), like its base */
	const uint32_t *ids; /* only these and what they need; NULL: all of the image itself */
	size_t n_ids;
	bool with_base;			/* also the base's types */
	bool unsorted;			/* by id instead of by kind and name */
};

/* Text only. Returns 0, or a negative errno with the error stored. */
int btf_c_dump(struct err *e, struct out *o, const struct btf_c *c);

/* Single declarations, for the caller's own text. Repeated enumerators get other names. */
struct btf_c_decls;

/* img, which is checked and has BPF's pointer size, must outlive it. Returns 0 or -ENOMEM. */
int btf_c_decls_new(const struct btf_image *img, struct btf_c_decls **ret);
void btf_c_decls_free(struct btf_c_decls *w);

#define BTF_C_NO_MODS 1		/* const, volatile and similar qualifiers are left out everywhere */

/*
 * Appends "int (*TEXT)(void)" to b, without a ';'. Lines of unnamed structs are indented by level
 * tabs. Returns 0, or a negative errno with b unchanged: the type cannot be written in C, its names
 * are not valid in C (-EINVAL), or it has no end (-ELOOP, -E2BIG). The total of all declarations of
 * one btf_c_decls is limited, too.
 */
int btf_c_decl(struct btf_c_decls *w, struct buf *b, uint32_t id, const char *text,
	       unsigned int level, int flags);

#endif
