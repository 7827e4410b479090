/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The bytes of BTF: from the kernel by id, from sysfs, from a file of raw BTF, from an ELF file. */
#ifndef BTF_SOURCE_H
#define BTF_SOURCE_H

#include "cli/ctx.h"

/* Bytes and who owns them. */
struct btf_blob {
	const void *data;
	size_t len;
	void *mapped, *copy;		/* to be unmapped, to be freed */
};

/* BTF in this machine's byte order; base.data is NULL unless own is split BTF. */
struct btf_source {
	struct btf_blob own, base;
};

/* 0, or a negative errno with the error stored. A zeroed source may be closed. */
int btf_source_id(struct ctx *ctx, uint32_t id, struct btf_source *ret);
int btf_source_file(struct ctx *ctx, const char *path, struct btf_source *ret);
int btf_source_kernel(struct ctx *ctx, struct btf_source *ret);
void btf_source_close(struct btf_source *src);

#endif
