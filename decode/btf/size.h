/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Sizes of types, and where a C compiler would place their members: BTF contains offsets, but not
 * which of them are the compiler's own choice and which were requested.
 */
#ifndef DECODE_BTF_SIZE_H
#define DECODE_BTF_SIZE_H

#include "decode/btf/image.h"

/* Cached results for the types of an image. */
struct btf_sizes {
	const struct btf_image *img;
	uint32_t pointer;		/* bytes */
	uint8_t *align;			/* owned: per struct or union, 0 if not computed yet */
	uint8_t *packed;		/* owned */
	unsigned int depth;
};

/* A member, including bit-fields in the old and the new form. Offsets and sizes in bits. */
struct btf_member_pos {
	uint32_t type;
	uint64_t off, size;		/* of a bit-field: its width */
	uint32_t unit;			/* of a bit-field: size of its type; else 0 */
	uint32_t align;			/* bits; 8 in packed structs */
	bool is_packed; /* in a packed struct: bit-fields cross their units */
};

/* Returns 0 or -ENOMEM. img must be checked (btf_image_check()) and outlive s. */
int btf_sizes_open(const struct btf_image *img, struct btf_sizes *s);
void btf_sizes_close(struct btf_sizes *s);

/*
 * Bytes. BTF does not contain it: it is the size of long, else what the layout of structs allows.
 */
uint32_t btf_pointer_size(const struct btf_image *img);
#define BTF_BPF_POINTER 8	/* in an object for BPF */

/* Bytes; -EINVAL for types without a size, -E2BIG for impossibly large ones. Needs no setup. */
int64_t btf_type_size(const struct btf_image *img, uint32_t pointer, uint32_t id);

/* Bytes; 0 for types without a size, UINT64_MAX for impossibly large ones. */
uint64_t btf_size_of(const struct btf_sizes *s, uint32_t id);
/* Bytes, a power of two: the alignment in C of the type as it will be written. */
uint32_t btf_align_of(struct btf_sizes *s, uint32_t id);
/* Must a struct or union be declared packed to have the size and the offsets in BTF? */
bool btf_is_packed(struct btf_sizes *s, uint32_t id);

/* Member i of record id. */
void btf_member_pos_of(struct btf_sizes *s, uint32_t id, uint32_t i, struct btf_member_pos *ret);
/* Where the compiler would place it after a member that ends at bit pos. */
uint64_t btf_member_pos_next(const struct btf_member_pos *p, uint64_t pos);

#endif
