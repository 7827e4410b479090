/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * When CO-RE takes a type of an object and one of a kernel for the same: three relations, as loose
 * as the loader's (libbpf, the kernel), so that what is found here is found there.
 */
#ifndef DECODE_CORE_TYPES_H
#define DECODE_CORE_TYPES_H

#include "cli/defs.h"

struct btf_image;
struct btf_type;

/*
 * Both were checked: btf_image_check(). steps_left: how much more may be looked at; types made to
 * be entangled could keep us busy for ever. At 0 all relations are denied, and the caller has to
 * fail.
 */
struct core_types {
	const struct btf_image *local, *target;
	uint64_t *steps_left;
};

/* Count one step, and one for every 16 bytes. false: none is left. */
static inline bool core_step(uint64_t *steps_left, size_t bytes)
{
	uint64_t n = 1 + bytes / 16;

	*steps_left = *steps_left > n ? *steps_left - n : 0;
	return *steps_left;
}

/*
 * The type behind const, volatile, typedefs and tags, its id in *id. NULL for void, and for a chain
 * that is too long to be real.
 */
const struct btf_type *core_bare(const struct btf_image *img, uint32_t *id);

/* Bytes that data of a type takes; pointers take 8. false: no data is of this type, or too much. */
bool core_size(const struct btf_image *img, uint32_t id, uint32_t *ret);

/* Name of enumerator i. */
const char *core_enumerator_name(const struct btf_image *img, const struct btf_type *t, uint32_t i);

/* Length of a name without its flavour: "task_struct___old" means task_struct. */
size_t core_essence_len(const char *name);
/* The same but for flavours? */
bool core_names_fit(const struct core_types *c, const char *a, const char *b);

/* May members of these types stand for each other? Numbers of any size do. */
bool core_fields_fit(const struct core_types *c, uint32_t local, uint32_t target);
/* Are these, whose names fit, the same type for type_exists and its like? Content does not matter.
 */
bool core_types_fit(const struct core_types *c, uint32_t local, uint32_t target);
/* Does the target have all that the local type has (type_matches)? Names do matter, also of
 * numbers. */
bool core_types_match(const struct core_types *c, uint32_t local, uint32_t target);

#endif
