/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The faster of two ways to find the holders of objects: a program that the kernel runs for every
 * open file.
 */
#ifndef KERN_OBJECT_OWNERS_ITER_H
#define KERN_OBJECT_OWNERS_ITER_H

#include "kern/object/owners.h"

struct buf;

/*
 * Passes every holder of an object of the kind to add, possibly several times per process; a
 * nonzero result of add ends it and is returned. Otherwise returns 0, or the negative errno if it
 * is not possible: then nothing was passed. Does not change ctx->err.
 */
int owners_iterate(struct ctx *ctx, const struct obj_kind *kind,
		   int (*add)(struct owners *o, const struct owner *one), struct owners *o);

/*
 * Runs one program of bpf/owners.bpf.c over all open files and appends its output to b. Returns 0
 * or a negative errno (-EXDEV: our pid namespace is not the one of the kernel's pids). Reports
 * nothing.
 */
int task_files_iterate(const char *program, struct buf *b);

#endif
