/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Typed data to the writer: from bytes and a BTF type to a tree (compat.md 4.4).
 *
 * A type is compiled once into a plan (names resolved, modifiers stripped, offsets checked against
 * the size of the data), which then prints any number of values quickly.
 */
#ifndef DECODE_BTF_VALUE_H
#define DECODE_BTF_VALUE_H

#include "cli/defs.h"

struct btf_image;
struct btf_plan;
struct buf;
struct out;

/*
 * Compiles type_id of btf for data of data_len bytes. btf must outlive the plan. Returns 0, or a
 * negative errno: -EINVAL for a type that is invalid, cyclic or larger than the data, -ENOMEM.
 */
int btf_plan_new(const struct btf_image *btf, uint32_t type_id, size_t data_len,
		 struct btf_plan **ret);
void btf_plan_free(struct btf_plan *p);
/* Prints bit-fields of an enum like bpftool, as bare numbers. */
void btf_plan_bare_bits(struct btf_plan *p);
/* Number of scalars and containers printed for one value: for users who print many. */
uint64_t btf_plan_cost(const struct btf_plan *p);

/*
 * Prints one value under key (NULL: in a list, or after out_key()). Must be called between
 * out_tree() and out_tree_end(), or in JSON. Reads exactly data_len bytes.
 */
void btf_plan_print(struct out *o, const char *key, const struct btf_plan *p, const void *data);

/* The same as an item of a record: in text the value as compact JSON, of one line. */
void btf_plan_show(struct out *o, const char *key, const struct btf_plan *p, const void *data);

/* The same value as compact JSON appended to b, for dumps: several times faster. */
void btf_plan_compose(struct buf *b, const struct btf_plan *p, const void *data);

/* Without the member of its struct with this index; UINT32_MAX: with all. */
void btf_plan_compose_but(struct buf *b, const struct btf_plan *p, const void *data, uint32_t but);

/* Both at once, for single values. Returns 0 or the error of btf_plan_new(). */
int btf_value_print(struct out *o, const char *key, const struct btf_image *btf, uint32_t type_id,
		    const void *data, size_t data_len);

#endif
