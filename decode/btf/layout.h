/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Types with the layout of what is in them: offsets, sizes, holes, each member's type in C's words.
 * In text a declaration with comments, in JSON {"types":[...]}.
 */
#ifndef DECODE_BTF_LAYOUT_H
#define DECODE_BTF_LAYOUT_H

#include "decode/btf/image.h"

struct out;

/*
 * These types of a checked image. 0, or an error: -ELOOP for one that lies within itself, -E2BIG
 * for what would grow without end.
 */
int btf_layout_dump(struct err *e, struct out *o, const struct btf_image *img, const uint32_t *ids,
		    size_t n);

#endif
