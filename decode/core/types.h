/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * When CO-RE treats a type of an object and one of a kernel as equal: three relations, as loose as
 * the loader's (libbpf, the kernel), so that what is found here is found there.
 */
#ifndef DECODE_CORE_TYPES_H
#define DECODE_CORE_TYPES_H

#include "cli/defs.h"

struct btf_image;
struct btf_type;

/*
 * Both were checked: btf_image_check(). steps_left: how much more may be visited; malicious types
 * could take forever. At 0 all relations are false, and the caller has to fail.
 */
struct core_types {
	const struct btf_image *local, *target;
	uint64_t *steps_left;
};

/* Counts one step, and one per 16 bytes. False: none is left. */
static inline bool core_step(uint64_t *steps_left, size_t bytes)
{
	uint64_t n = 1 + bytes / 16;

	*steps_left = *steps_left > n ? *steps_left - n : 0;
	return *steps_left;
}

/*
 * The type after const, volatile, typedefs and tags, its id in *id. NULL for void, and for a chain
 * that is too long.
 */
const struct btf_type *core_bare(const struct btf_image *img, uint32_t *id);

/* Size in bytes of data of a type; pointers have 8. False: not a type of data, or too large. */
bool core_size(const struct btf_image *img, uint32_t id, uint32_t *ret);

/* Name of enumerator i. */
const char *core_enumerator_name(const struct btf_image *img, const struct btf_type *t, uint32_t i);

/* Length of a name without its flavor suffix: "task_struct___old" means task_struct. */
size_t core_essence_len(const char *name);
/* Equal except for the flavor suffix? */
bool core_names_fit(const struct core_types *c, const char *a, const char *b);

/* Are members of these types compatible? Numbers of any size are. */
bool core_fields_fit(const struct core_types *c, uint32_t local, uint32_t target);
/*
 * Are these types, with matching names, the same for type_exists and similar? Contents do not
 * matter.
 */
bool core_types_fit(const struct core_types *c, uint32_t local, uint32_t target);
/*
 * Does the target have everything that the local type has (type_matches)? Names matter, also of
 * integers.
 */
bool core_types_match(const struct core_types *c, uint32_t local, uint32_t target);

#endif
