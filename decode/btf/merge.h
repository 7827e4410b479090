/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Merges several BTFs into one: equal types occur once. Two types are equal if they have the same
 * contents and refer to equal types, recursively; a forward declaration equals the only struct or
 * union with its name. Variables, sections and types of unknown kinds are never equal. What the
 * latter refer to cannot be renumbered, as nobody knows where: the result is to be shown, not
 * loaded.
 */
#ifndef DECODE_BTF_MERGE_H
#define DECODE_BTF_MERGE_H

#include "decode/btf/image.h"

/*
 * Merges n checked images (btf_image_check()), each of which is not split or is split on base, into
 * one that is split on base; without a base none is split, and neither is the result. Types of the
 * base are reused. *ret is owned by the caller. Returns 0, or the error is stored.
 */
int btf_merge(struct err *e, const struct btf_image *base, const struct btf_image *imgs, size_t n,
	      void **ret,
	      size_t *ret_len);

#endif
