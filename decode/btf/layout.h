/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Types with their layout: offsets, sizes, holes, each member's type as in C. In text a declaration
 * with comments, in JSON {"types":[...]}.
 */
#ifndef DECODE_BTF_LAYOUT_H
#define DECODE_BTF_LAYOUT_H

#include "decode/btf/image.h"

struct out;

/*
 * These types of a checked image. Returns 0, or an error: -ELOOP for a type that contains itself,
 * -E2BIG for one that would grow without end.
 */
int btf_layout_dump(struct err *e, struct out *o, const struct btf_image *img, const uint32_t *ids,
		    size_t n);

#endif
