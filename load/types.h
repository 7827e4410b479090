/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Types that the kernel has loaded, as an image. */
#ifndef LOAD_TYPES_H
#define LOAD_TYPES_H

#include "decode/btf/image.h"

struct btf;
struct ctx;

/* Do not copy: img refers to base. */
struct types {
	struct btf_image img, base;
	struct btf *own;		/* owned: whose bytes they are; NULL: somebody else's */
};

#define auto_btf_types __attribute__((cleanup(cleanup_types)))

/* All owned by the caller: types_free(). 0, or a negative errno; nothing is reported. */
int types_by_id(struct ctx *ctx, uint32_t id, struct types **ret);
/* Of what libbpf has read, which must outlive them. */
int types_of(const struct btf *btf, struct types **ret);
/* The kernel's own. */
int types_of_kernel(struct ctx *ctx, struct types **ret);
/* Of the kernel or one of its modules, by id. */
int types_of_kernel_id(struct ctx *ctx, uint32_t id, struct types **ret);
/* NULL is fine. */
void types_free(struct types *t);

static inline void cleanup_types(struct types **t)
{
	types_free(*t);
}

#endif
