/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* BTF as a C header (compat.md 10.2): libbpf writes each type, we put them in order and around them. */
#ifndef DECODE_BTF_C_H
#define DECODE_BTF_C_H

#include "../cli/defs.h"

struct btf;
struct err;
struct out;

struct btf_c {
	const struct btf *btf;		/* checked: btf_image_check() */
	uint32_t first_id;		/* of its own types: what lies before belongs to the base */
	const uint32_t *ids;		/* only these and what they need; NULL: all */
	size_t n_ids;
	bool unsorted;			/* by id instead of by kind and name */
};

/* Text only. 0, or a negative errno with the error stored. */
int btf_c_dump(struct err *e, struct out *o, const struct btf_c *c);

#endif
