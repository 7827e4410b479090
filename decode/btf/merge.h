/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Several BTFs as one: types that are the same are there once. Two types are the same when they
 * read the same and what they refer to is the same, all the way; a forward declaration is the same
 * as the only record of its name. Variables and sections are never the same.
 */
#ifndef DECODE_BTF_MERGE_H
#define DECODE_BTF_MERGE_H

#include "decode/btf/image.h"

/*
 * Merge n checked images (btf_image_check()), each of which stands alone or is split on base, into
 * one that is split on base; without a base they all stand alone, and so does the result. Types of
 * the base are found again in it. *ret is owned by the caller. 0, or the error is stored.
 */
int btf_merge(struct err *e, const struct btf_image *base, const struct btf_image *imgs, size_t n,
	      void **ret,
	      size_t *ret_len);

#endif
