/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* .BTF.ext by function instead of by section: source lines of instructions, CO-RE relocations. */
#ifndef DECODE_ELF_OBJFILE_EXT_H
#define DECODE_ELF_OBJFILE_EXT_H

#include "decode/btf/ext.h"
#include "decode/elf/objfile_view.h"

struct objfile_line {
	uint32_t section, off;		/* of the instruction, in bytes */
	uint32_t order;			/* in the file */
	struct btf_ext_line at;
};

struct objfile_relo {
	uint32_t section, off;
	struct btf_ext_relo relo;
};

struct objfile_ext {
	struct btf_ext_info info;
	struct objfile_line *lines;		/* both owned, by section and offset */
	struct objfile_relo *relos;
	size_t n_lines, n_relos;
};

/*
 * Records for sections that the object does not have are left out. Returns 0, or the error; ret
 * must be zeroed.
 */
int objfile_ext_read(struct err *e, const struct objfile *v, struct objfile_ext *ret);
void objfile_ext_free(struct objfile_ext *x);

/* The source line of the start of a function; NULL if not known. */
const struct objfile_line *objfile_ext_line(const struct objfile_ext *x,
					    const struct objfile_func *f);
/* The relocations in a function: the first one, their number in *ret_n. */
const struct objfile_relo *objfile_ext_relos(const struct objfile_ext *x,
					     const struct objfile_func *f, size_t *ret_n);

#endif
