/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The objects that an ambiguous reference could mean, as lines of the error's log. */
#ifndef KERN_OBJECT_CANDIDATES_H
#define KERN_OBJECT_CANDIDATES_H

#include "kern/object/obj.h"

/*
 * Adds a line per object to the log of ctx->err: id, type, name, age (programs), and what keeps it:
 * processes, else pins. Reports nothing; what cannot be read is missing.
 */
void candidates_log(struct ctx *ctx, const struct obj_kind *kind, const int *fds, size_t n);

#endif
