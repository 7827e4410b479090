/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* New BTF out of types of other BTF: they are copied, then the numbers in them are replaced. */
#ifndef DECODE_BTF_COPY_H
#define DECODE_BTF_COPY_H

#include "cli/buf.h"
#include "decode/btf/image.h"

/* What becomes of an id and of a name's offset. */
struct btf_numbers {
	uint32_t (*id)(void *ctx, uint32_t old);
	uint32_t (*name)(void *ctx, uint32_t old);
	void *ctx;
};

/* Begin, in an empty buffer: room for the header. */
void btf_copy_begin(struct buf *b);
/* A type and all that belongs to it. Errors of memory stick in b. */
void btf_copy_type(struct buf *b, const struct btf_type *t, const struct btf_numbers *n);
/* Replace the numbers in a type that has been put at b->data + at. */
void btf_copy_replace(struct buf *b, size_t at, const struct btf_numbers *n);
/* The types are complete, strs_len bytes of strings follow: the header. */
void btf_copy_end(struct buf *b, size_t strs_len);

#endif
