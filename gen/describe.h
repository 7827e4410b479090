/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The description of a skeleton as JSON, for code generators for other languages. */
#ifndef GEN_DESCRIBE_H
#define GEN_DESCRIBE_H

#include "gen/skel.h"

/*
 * Writes one JSON document to ctx->out, also in text mode; the keys are in bpfctl-gen(8). path: of
 * the object, for the reader. t: opened for the skeleton, for spelling types. Returns 0, or the
 * error is stored.
 */
int gen_describe(struct ctx *ctx, const struct skel *s, const char *path, struct c_text *t);

/* Appended to b, without newlines. */
void buf_base64(struct buf *b, const uint8_t *data, size_t len);

#endif
