/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * How large types are, and where a C compiler would put their members: BTF tells offsets, but not
 * which of them are the compiler's own choice and which were asked for.
 */
#ifndef DECODE_BTF_SIZE_H
#define DECODE_BTF_SIZE_H

#include "decode/btf/image.h"

/* What has been found out about the types of an image. */
struct btf_sizes {
	const struct btf_image *img;
	uint32_t pointer;		/* bytes */
	uint8_t *align;			/* owned: of each record, 0 when not asked for yet */
	uint8_t *packed;		/* owned */
	unsigned int depth;
};

/* A member, a bit-field in the old or the new way included. Offsets and sizes in bits. */
struct btf_member_pos {
	uint32_t type;
	uint64_t off, size;		/* of a bit-field: its width */
	uint32_t unit;			/* of a bit-field: size of its type; else 0 */
	uint32_t align;			/* bits; 8 within packed records */
	bool is_packed; /* stands in a packed record: bit-fields cross their units */
};

/* 0 or -ENOMEM. img must be checked (btf_image_check()) and outlive s. */
int btf_sizes_open(const struct btf_image *img, struct btf_sizes *s);
void btf_sizes_close(struct btf_sizes *s);

/* Bytes. BTF does not say: it is the size of long, else what records have room for. */
uint32_t btf_pointer_size(const struct btf_image *img);
#define BTF_BPF_POINTER 8	/* of an object for BPF */

/* Bytes; -EINVAL for what has no size, -E2BIG for what is absurdly large. Nothing need be open. */
int64_t btf_type_size(const struct btf_image *img, uint32_t pointer, uint32_t id);

/* Behind const and the like, and behind typedefs: an id that is something else, or 0. */
uint32_t btf_bare_type(const struct btf_image *img, uint32_t id);

/* Bytes; 0 for what has no size, UINT64_MAX for what is absurdly large. */
uint64_t btf_size_of(const struct btf_sizes *s, uint32_t id);
/* Bytes, a power of two: what C gives the type as it will be written. */
uint32_t btf_align_of(struct btf_sizes *s, uint32_t id);
/* Must a record be declared packed to have the size and the offsets that BTF tells? */
bool btf_is_packed(struct btf_sizes *s, uint32_t id);

/* Member i of record id. */
void btf_member_pos_of(struct btf_sizes *s, uint32_t id, uint32_t i, struct btf_member_pos *ret);
/* Where the compiler would put it behind what ends at bit pos. */
uint64_t btf_member_pos_next(const struct btf_member_pos *p, uint64_t pos);

#endif
