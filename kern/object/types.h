/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Types that are loaded in the kernel, as an image. */
#ifndef KERN_OBJECT_TYPES_H
#define KERN_OBJECT_TYPES_H

#include <limits.h>

#include "decode/btf/image.h"

struct bpf_btf_info;
struct ctx;

struct types {
	struct btf_image img;		/* of a module: its base is kernel_btf() */
	void *data;			/* owned: its bytes; NULL: img is that of kernel_btf() */
	bool is_kernel;			/* of the kernel or a module, not of a program or map */
};

#define auto_btf_types __attribute__((cleanup(cleanup_types)))

/*
 * The bytes of BTF object fd, owned by the caller: *ret_info and *ret_data (info.btf_size bytes),
 * and its name. Returns 0 or a negative errno.
 */
int types_read(int fd, struct bpf_btf_info *ret_info, char name[static NAME_MAX + 1],
	       void **ret_data);

/*
 * By id: of a program or map, of the kernel (then no bytes are read) or of one of its modules. All
 * owned by the caller: types_free(); valid as long as ctx->kernel. ctx may be NULL for that of a
 * program or map. Returns 0, or a negative errno; nothing is reported.
 */
int types_by_id(struct ctx *ctx, uint32_t id, struct types **ret);
/* The kernel's own. */
int types_of_kernel(struct ctx *ctx, struct types **ret);
/* A function's name; NULL if this id is not a function. */
const char *types_func_name(const struct btf_image *img, uint32_t id);
/* Is it, after qualifiers, a pointer to a function? */
bool types_is_func_ptr(const struct btf_image *img, uint32_t id);
/* NULL is allowed. */
void types_free(struct types *t);

static inline void cleanup_types(struct types **t)
{
	types_free(*t);
}

#endif
