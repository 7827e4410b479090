/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The raw dump of BTF (compat.md 10.2). Works directly on the bytes. */
#ifndef DECODE_BTF_RAW_H
#define DECODE_BTF_RAW_H

#include "decode/btf/image.h"

struct out;

/* "STRUCT"; "static". The type must be from a checked image. */
const char *btf_kind_name(const struct btf_type *t);
const char *btf_linkage_name(uint32_t linkage);

enum btf_raw_flags {
	BTF_RAW_PRETTY = 1 << 0,	/* -p: values one by one through the writer */
	BTF_RAW_LINES = 1 << 1,		/* --jsonl: types one by one */
};

/*
 * The whole document: {"types":[...]}, or a block of lines. ids: only these types (valid ones);
 * NULL for all of the image itself.
 */
void btf_raw_dump(struct out *o, const struct btf_image *img, const uint32_t *ids, size_t n_ids,
		  unsigned int flags);

#endif
