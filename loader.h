/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Loader programs: libbpf makes one of an object, and it creates the object's maps and loads its programs. It is
 * run here (prog load -L) or becomes a light skeleton (gen skeleton -L).
 */
#ifndef LOADER_H
#define LOADER_H

#include "cli/ctx.h"

struct bpf_insn;
struct bpf_object;
struct bpf_program;

/*
 * The context it is run with: struct bpf_loader_ctx, a struct bpf_map_desc for each map and a struct
 * bpf_prog_desc for each program, in libbpf's order (bpf_object__for_each_map() and _program()); sizes are bytes.
 */
struct loader {
	const void *data;		/* what its map holds; the object's */
	const struct bpf_insn *insns;	/* the object's */
	uint32_t data_len, insns_len;
	size_t n_maps, n_progs;
};

/*
 * Make it. The object is opened and not loaded yet; afterwards it is no longer of use, but for what it says of
 * its maps and programs. Nothing is created in the kernel. file names it in errors. 0, or the error is stored:
 * some objects have what no loader program can do.
 */
int loader_make(struct ctx *ctx, struct bpf_object *obj, const char *file, struct loader *ret);

#endif
