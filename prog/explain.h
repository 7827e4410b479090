/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* prog load ... explain: what the verifier did with programs that it takes. */
#ifndef PROG_EXPLAIN_H
#define PROG_EXPLAIN_H

#include "cli/ctx.h"

struct bpf_object;

/*
 * The object is opened and not loaded yet; afterwards only closing it makes sense. path: for its
 * line records. A record per program is written. Returns 0, or the error is stored.
 */
int explain_object(struct ctx *ctx, const char *path, struct bpf_object *obj);

#endif
