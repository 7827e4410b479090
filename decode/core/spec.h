/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The access string of a CO-RE relocation, by names. Only included in decode/core/. */
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
 * For members: without anonymous structs on the path, as the target may have others. For
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

/* Returns 0, or a negative errno with the error stored, which says why the record is invalid. */
int core_spec_read(struct err *e, const struct btf_image *img, const struct btf_ext_relo *r,
		   struct core_spec *ret);

/*
 * May an array with n elements, the last part of which is member index of container, be accessed
 * beyond its end? Only one without a length at the end of its struct.
 */
bool core_is_open_array(uint32_t n_elems, const struct btf_type *container, uint32_t index);

#endif
