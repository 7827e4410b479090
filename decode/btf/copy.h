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

/* Starts in an empty buffer: reserves the header. */
void btf_copy_begin(struct buf *b);
/* A type and everything that belongs to it. Memory errors are kept in b. */
void btf_copy_type(struct buf *b, const struct btf_type *t, const struct btf_numbers *n);
/* Replaces the ids and offsets in a type at b->data + at. */
void btf_copy_replace(struct buf *b, size_t at, const struct btf_numbers *n);
/* The types are complete, strs_len bytes of strings follow: writes the header. */
void btf_copy_end(struct buf *b, size_t strs_len);

#endif
