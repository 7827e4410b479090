/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* BTF bytes: from the kernel by id, from sysfs, from a raw BTF file, from an ELF file. */
#ifndef LOAD_BTF_SOURCE_H
#define LOAD_BTF_SOURCE_H

#include "cli/ctx.h"
#include "decode/btf/image.h"

/* Bytes and their owner. */
struct btf_blob {
	const void *data;
	size_t len;
	void *mapped, *copy;		/* to be unmapped, to be freed */
};

/*
 * BTF in this machine's byte order; base.data is NULL unless own is split BTF. Do not copy: img
 * refers to base_img.
 */
struct btf_source {
	struct btf_blob own, base;
	struct btf_image img, base_img;	/* of them, after btf_source_view() */
	const char *path, *base_path;	/* the files of own and base; NULL: neither */
};

/* Returns 0, or a negative errno with the error stored. A zeroed source may be closed. */
int btf_source_id(struct ctx *ctx, uint32_t id, struct btf_source *ret);
int btf_source_kernel(struct ctx *ctx, struct btf_source *ret);
/* One file; or several, merged on the kernel's BTF or that of -B. */
int btf_source_files(struct ctx *ctx, const char *const *paths, size_t n, struct btf_source *ret);
/* The kernel's, with all modules, which are split on it. */
int btf_source_modules(struct ctx *ctx, struct btf_source *ret);
void btf_source_close(struct btf_source *src);

int btf_source_view(struct ctx *ctx, struct btf_source *src);
/* btf_image_check() of an image and its base. */
int btf_source_check(struct ctx *ctx, const struct btf_source *src);

#endif
