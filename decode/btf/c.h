/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* BTF as a C header (compat.md 10.2). */
#ifndef DECODE_BTF_C_H
#define DECODE_BTF_C_H

#include "decode/btf/image.h"

struct err;
struct out;

struct btf_c {
	const struct btf_image *img;	/* checked, as its base: btf_image_check() */
	const uint32_t *ids;		/* only these and what they need; NULL: all of the image's own */
	size_t n_ids;
	bool with_base;			/* the base's types too */
	bool unsorted;			/* by id instead of by kind and name */
};

/* Text only. 0, or a negative errno with the error stored. */
int btf_c_dump(struct err *e, struct out *o, const struct btf_c *c);

#endif
