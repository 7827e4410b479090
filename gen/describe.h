/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What a skeleton describes, as JSON, for generators of other languages' code. */
#ifndef GEN_DESCRIBE_H
#define GEN_DESCRIBE_H

#include "gen/skel.h"

/*
 * One JSON document to ctx->out, in text too; the keys are in bpfctl-gen(8). path: of the object,
 * for its reader. t: opened for the skeleton, types are spelled in it. 0, or the error is stored.
 */
int gen_describe(struct ctx *ctx, const struct skel *s, const char *path, struct c_text *t);

/* Behind what b holds, without line ends. */
void buf_base64(struct buf *b, const uint8_t *data, size_t len);

#endif
