/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* -L prog load: an object is loaded by a BPF program that libbpf generates for it. */
#ifndef PROG_LOADER_H
#define PROG_LOADER_H

#include "cli/ctx.h"

struct bpf_object;

/*
 * Converts an opened object to a loader program and runs it. What it creates is released again:
 * this shows whether (or why not) a light skeleton of the object would load. file is the name in
 * errors.
 */
int run_loader(struct ctx *ctx, struct bpf_object *obj, const char *file);

#endif
