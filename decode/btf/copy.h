/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * New BTF from types of other BTF: they are copied, then the ids and offsets in them are replaced.
 */
#ifndef DECODE_BTF_COPY_H
#define DECODE_BTF_COPY_H

#include "cli/buf.h"
#include "decode/btf/image.h"

/* The replacement of an id and of a name's offset. */
struct btf_numbers {
	uint32_t (*id)(void *ctx, uint32_t old);
	uint32_t (*name)(void *ctx, uint32_t old);
	void *ctx;
};

/*
 * The lengths of kinds for the layout section of new BTF: those of all BTF that it is made of. n is
 * 0 if none of it has any; then the new BTF has no such section.
 */
struct btf_copy_layout {
	struct btf_kind_len kinds[BTF_N_KINDS];
	uint32_t n;
};

/* Adds those of an image and its base. Returns 0, or -EINVAL: two differ, the error is stored. */
int btf_copy_layout_add(struct err *e, struct btf_copy_layout *l, const struct btf_image *img);

/* Starts in an empty buffer: reserves the header. */
void btf_copy_begin(struct buf *b, const struct btf_copy_layout *l);
/*
 * A type of img and everything that belongs to it. Memory errors are kept in b. One of an unknown
 * kind gets its name, its other words are copied as they are: they may refer to something else now.
 */
void btf_copy_type(struct buf *b, const struct btf_image *img, const struct btf_type *t,
		   const struct btf_numbers *n);
/* Replaces the ids and offsets in a type at b->data + at. */
void btf_copy_replace(struct buf *b, size_t at, const struct btf_numbers *n);
/*
 * The types are complete, strs_len bytes of strings follow: writes the layout section and the
 * header.
 */
void btf_copy_end(struct buf *b, const struct btf_copy_layout *l, size_t strs_len);

#endif
