/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Members of typed data found by their path, and compared. */
#ifndef DECODE_BTF_PLACE_H
#define DECODE_BTF_PLACE_H

#include "cli/defs.h"

struct btf_plan;
struct err;
struct node;

struct btf_place {
	const struct node *node;	/* in the plan */
	uint32_t off;			/* in the data */
};

/*
 * "saddr", "nested[1].a"; len: of the path, 0 is the whole. Returns 0, or -ENOENT. Reports nothing.
 */
int btf_place_find(const struct btf_plan *p, const char *path, size_t len, struct btf_place *ret);

/*
 * Hint for the error that btf_place_find() does not find this path in either plan (NULL: none):
 * members where it ends.
 */
void btf_place_hint(struct err *e, const struct btf_plan *const plans[2], const char *path);

/*
 * Returns below 0, 0, above 0: numbers, strings, otherwise byte by byte (addresses: network byte
 * order is their order). a and b: data of the type that the plan was made for.
 */
int btf_place_compare(const struct btf_place *at, const uint8_t *a, const uint8_t *b);

/* Its size in bytes if it is an integer, else 0. */
uint32_t btf_place_number(const struct btf_place *at);
/* Its number of elements if it is an array of integers, and the size of one in bytes; else 0. */
uint32_t btf_place_numbers(const struct btf_place *at, uint32_t *ret_size);
/* Member i of the plan's struct, and its name (belongs to the BTF). Returns 0, or -ENOENT. */
int btf_place_member(const struct btf_plan *p, uint32_t i, struct btf_place *ret,
		     const char **ret_name);

/* Is it text, in which two dots are just two dots? */
bool btf_place_is_text(const struct btf_place *at);

#endif
