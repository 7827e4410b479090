/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The fast one of two ways to learn who holds what: a program that the kernel runs for every open
 * file. */
#ifndef KERN_OBJECT_OWNERS_ITER_H
#define KERN_OBJECT_OWNERS_ITER_H

#include "kern/object/owners.h"

struct buf;

/*
 * Hands every holder of an object of the kind to add, a process maybe several times; add's non-zero
 * return ends it and is returned. Else 0, or the negative errno of why it cannot be done: then
 * nothing was handed over. Leaves ctx->err as it was.
 */
int owners_iterate(struct ctx *ctx, const struct obj_kind *kind,
		   int (*add)(struct owners *o, const struct owner *one), struct owners *o);

/*
 * Run one program of bpf/owners.bpf.c over all open files and append what it writes to b. 0 or a
 * negative errno (-EXDEV: we are in another pid namespace than the kernel's numbers). Reports
 * nothing.
 */
int task_files_iterate(const char *program, struct buf *b);

#endif
