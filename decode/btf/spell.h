/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* A type as declared in C: "unsigned int (*ops[4])(struct sock *)". text.h has bpftool's form. */
#ifndef DECODE_BTF_SPELL_H
#define DECODE_BTF_SPELL_H

#include "cli/defs.h"

#define BTF_SPELL_MAX 1024

struct btf_image;

/*
 * The declaration of name ("" or NULL: the type alone). Unnamed structs are written with their
 * members if there is room, else as "struct {...}". Returns 0, or a negative errno with ret "":
 * -E2BIG for more than 1023 characters, -EINVAL if it is not a type, -ELOOP for types nested too
 * deeply. img must be checked.
 */
int btf_spell_decl(const struct btf_image *img, uint32_t type_id, const char *name,
		   char ret[static BTF_SPELL_MAX]);

/*
 * A function with the names of its parameters: "int sub(struct xdp_md *ctx, int k)". Same results.
 */
int btf_spell_func(const struct btf_image *img, uint32_t func_id, char ret[static BTF_SPELL_MAX]);

#endif
