/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Types by the names that users give them, and BTF of a few types only, small enough for the kernel. */
#ifndef DECODE_BTF_PICK_H
#define DECODE_BTF_PICK_H

#include "cli/defs.h"

struct btf;

/* "struct event", "event" (a typedef, else a structure), "enum color", "int". A type id, or -ENOENT. */
int btf_type_by_name(const struct btf *btf, const char *name);

/*
 * New BTF (owned by the caller) of these n types and of what their layout is made of; ret_ids: what they are
 * called there. Structures that are only pointed to lose their members, unless the pointer has a tag:
 * it is the kernel's affair then what it points to. 0, or a negative errno: -EINVAL where a reference leads
 * nowhere. src must have passed btf_image_check(), or be the kernel's own.
 */
int btf_extract(const struct btf *src, const uint32_t *ids, size_t n, struct btf **ret, uint32_t *ret_ids);

#endif
