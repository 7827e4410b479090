/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* A type as C declares it: "unsigned int (*ops[4])(struct sock *)". btf_text.h has bpftool's own
 * form. */
#ifndef DECODE_BTF_SPELL_H
#define DECODE_BTF_SPELL_H

#include "cli/defs.h"

#define BTF_SPELL_MAX 1024

struct btf_image;

/*
 * The declaration of name ("" or NULL: the type alone). Structs without a name are written out as
 * far as there is room, else as "struct {...}". 0, or a negative errno with ret "": -E2BIG for more
 * than 1023 characters, -EINVAL for what is not a type, -ELOOP for types that are too deep. img
 * must be checked.
 */
int btf_spell_decl(const struct btf_image *img, uint32_t type_id, const char *name,
		   char ret[static BTF_SPELL_MAX]);

/* A function with its parameters' names: "int sub(struct xdp_md *ctx, int k)". Likewise. */
int btf_spell_func(const struct btf_image *img, uint32_t func_id, char ret[static BTF_SPELL_MAX]);

#endif
