/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A map definition in SEC(".maps"): a struct that describes the map by the types of its members. An
 * int (*name)[N] is the number N, so is an enum with the single value N; key and value are pointers
 * to a type.
 */
#ifndef DECODE_ELF_MAP_DEF_H
#define DECODE_ELF_MAP_DEF_H

#include "cli/defs.h"

struct btf_image;
struct err;

struct map_def {
	uint32_t type, key_size, value_size, max_entries, flags, numa_node, pinning;
	uint64_t map_extra;
	uint32_t key_type, value_type;	/* ids of BTF types, 0: only sizes are given */
	uint32_t inner;			/* id of the struct that defines the inner map; 0: none */
	uint32_t values_off; /* offset of initial values within the definition, in bytes */
	bool has_values;		/* slots can be filled with maps or programs */
	bool has_numa_node;
	const char *unknown;		/* an unknown member; belongs to btf */
};

#define MAP_PIN_BY_NAME 1

/*
 * what is the name of the map in errors. type_id: of the variable, or map_def.inner. btf has been
 * checked (btf_image_check_strict()). Returns 0, or -EINVAL with the error stored.
 */
int map_def_read(struct err *e, const struct btf_image *btf, const char *what, uint32_t type_id,
		 struct map_def *ret);

#endif
