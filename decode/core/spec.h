/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The access string of a CO-RE relocation, by names. Nothing outside decode/core_*.c includes this.
 */
#ifndef DECODE_CORE_SPEC_H
#define DECODE_CORE_SPEC_H

#include "decode/btf/ext.h"
#include "decode/core/relo.h"

struct btf_type;

struct core_access {
	const char *name;		/* of a member; NULL: an element of an array */
	uint32_t index;			/* of the element */
	uint32_t type;			/* of the member, in the object */
};

/*
 * For members: anonymous structs on the way are left out, as the target may have others. For
 * enumerators: one access with the name. For types: none.
 */
struct core_spec {
	uint32_t kind, type;
	const char *name;		/* the type's */
	uint32_t first;			/* ptr[first].member */
	uint32_t n;
	struct core_access path[CORE_PATH_MAX];
};

bool core_kind_is_field(uint32_t kind);
bool core_kind_is_enumerator(uint32_t kind);

/* 0, or a negative errno with the error stored, which says what about the record makes no sense. */
int core_spec_read(struct err *e, const struct btf_image *img, const struct btf_ext_relo *r,
		   struct core_spec *ret);

/*
 * May an array with so many elements, the last thing of which was member index of container, be
 * gone beyond? Only one without a length at the end of its struct.
 */
bool core_is_open_array(uint32_t n_elems, const struct btf_type *container, uint32_t index);

#endif
