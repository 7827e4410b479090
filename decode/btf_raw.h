/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF as it lies in a file or in the kernel, and its raw dump (compat.md 10.2). Works on the bytes
 * themselves: the running kernel has 126000 types, and parsing them first would cost more than
 * printing them.
 */
#ifndef DECODE_BTF_RAW_H
#define DECODE_BTF_RAW_H

#include "../cli/defs.h"

struct btf_type;
struct err;
struct out;

/* A checked view of BTF data. The data and the base are not owned and must outlive it. */
struct btf_image {
	const struct btf_image *base;	/* split BTF: ids and strings go on where the base ends */
	const uint8_t *types;
	const char *strs;
	uint32_t types_len, strs_len;
	uint32_t first_id, n_types;	/* its own types: first_id .. first_id + n_types - 1 */
	uint32_t first_str;		/* string offsets below belong to the base */
	bool plain;			/* no string holds a byte that needs an escape */
	uint32_t *offsets;		/* owned: where each of its own types lies */
};

/* Is this BTF of the other byte order? (libbpf can turn it round.) */
bool btf_image_is_foreign(const void *data, size_t len);

/*
 * Check data, every type's extent included. 0, or a negative errno with the error stored: -EINVAL
 * says what is wrong with it. data must be aligned to 4 bytes. btf_image_close() frees.
 */
int btf_image_open(struct err *e, const void *data, size_t len, struct btf_image *ret);
int btf_image_open_split(struct err *e, const void *data, size_t len, const struct btf_image *base,
			 struct btf_image *ret);
void btf_image_close(struct btf_image *img);

/*
 * Does every reference lead to a type and every name to a string? The raw dump needs no such
 * check; libbpf, if it is to work with this data, does. 0, or -EINVAL with the error stored.
 */
int btf_image_check(struct err *e, const struct btf_image *img);

/* A type of the image or its base; NULL for 0 (void) and for ids beyond the end. */
const struct btf_type *btf_image_type(const struct btf_image *img, uint32_t id);
/* A string of the image or its base; NULL when the offset is out of range. */
const char *btf_image_str(const struct btf_image *img, uint32_t off);

enum btf_raw_flags {
	BTF_RAW_PRETTY = 1 << 0,	/* -p: values one by one through the writer */
	BTF_RAW_LINES = 1 << 1,		/* --jsonl: types one by one */
};

/*
 * The whole document: {"types":[...]}, or a block of lines. ids: only these types (valid ones);
 * NULL for all of the image's own.
 */
void btf_raw_dump(struct out *o, const struct btf_image *img, const uint32_t *ids, size_t n_ids,
		  unsigned int flags);

#endif
