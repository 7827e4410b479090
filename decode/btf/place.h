/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Members of typed data found by their path, and compared. */
#ifndef DECODE_BTF_PLACE_H
#define DECODE_BTF_PLACE_H

#include "cli/defs.h"

struct btf_plan;
struct node;

struct btf_place {
	const struct node *node;	/* the plan's */
	uint32_t off;			/* in the data */
};

/* "saddr", "nested[1].a"; len: of the path, 0 is the whole. 0, or -ENOENT. Reports nothing. */
int btf_place_find(const struct btf_plan *p, const char *path, size_t len, struct btf_place *ret);

/*
 * Below 0, 0, above 0: as numbers, strings, or byte by byte what is neither (addresses: network
 * byte order is their order). a and b: data the plan was made for.
 */
int btf_place_compare(const struct btf_place *at, const uint8_t *a, const uint8_t *b);

/* Bytes of the integer that it is; 0: it is none. */
uint32_t btf_place_number(const struct btf_place *at);
/* How many elements the array of integers has that it is, and the bytes of one; 0: it is none. */
uint32_t btf_place_numbers(const struct btf_place *at, uint32_t *ret_size);
/* Member i of the struct that the plan is for, and its name (the BTF's). 0, or -ENOENT. */
int btf_place_member(const struct btf_plan *p, uint32_t i, struct btf_place *ret,
		     const char **ret_name);

/* Is it text, in which two dots are two dots? */
bool btf_place_is_text(const struct btf_place *at);

#endif
