/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* .BTF.ext by functions instead of by sections: where the source of an instruction is, what CO-RE changes. */
#ifndef DECODE_OBJ_EXT_H
#define DECODE_OBJ_EXT_H

#include "decode/btf/ext.h"
#include "decode/elf/objfile_view.h"

struct obj_line {
	uint32_t section, off;		/* of the instruction, in bytes */
	uint32_t order;			/* in the file */
	struct btf_ext_line at;
};

struct obj_relo {
	uint32_t section, off;
	struct btf_ext_relo relo;
};

struct obj_ext {
	struct btf_ext_info info;
	struct obj_line *lines;		/* both owned, by section and offset */
	struct obj_relo *relos;
	size_t n_lines, n_relos;
};

/* Records about sections that the object does not have are left out. 0, or the error; ret must be zeroed. */
int obj_ext_read(struct err *e, const struct obj_view *v, struct obj_ext *ret);
void obj_ext_free(struct obj_ext *x);

/* Where a function begins in the source; NULL if that is not known. */
const struct obj_line *obj_ext_line(const struct obj_ext *x, const struct obj_func *f);
/* The relocations within a function: the first one, their number in *ret_n. */
const struct obj_relo *obj_ext_relos(const struct obj_ext *x, const struct obj_func *f, size_t *ret_n);

#endif
