/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Types in words of C (compat.md 16.2). For the raw form of BTF see raw.h. */
#ifndef DECODE_BTF_TEXT_H
#define DECODE_BTF_TEXT_H

#include "cli/defs.h"

#define BTF_PROTO_MAX 1024

struct btf_image;

/*
 * "int cr_sub(struct xdp_md * ctx, int k)" for a FUNC. Returns 0, or a negative errno with buf "":
 * -E2BIG if it is longer than 1023 characters, -EINVAL if it is not a function or refers to invalid
 * types.
 */
int btf_proto_text(const struct btf_image *btf, uint32_t func_id, char buf[static BTF_PROTO_MAX]);

/* Any type, as the text before a name: "u32 (struct sock *)", "struct sock * ". Same results. */
int btf_type_text(const struct btf_image *btf, uint32_t type_id, char buf[static BTF_PROTO_MAX]);

#endif
