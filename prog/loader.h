/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * -L prog load: an object is loaded by a BPF program that libbpf generates for it.
 */
#ifndef PROG_LOADER_H
#define PROG_LOADER_H

#include "cli/ctx.h"

struct bpf_object;

/*
 * Turn an opened object into a loader program and run that. What it made goes away again: this
 * shows that (or why not) a light skeleton of the object would load. file names it in errors.
 */
int run_loader(struct ctx *ctx, struct bpf_object *obj, const char *file);

#endif
