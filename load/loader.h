/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Loader programs: libbpf makes one of an object, and it creates the object's maps and loads its
 * programs. It is run here (prog load -L) or becomes a light skeleton (gen skeleton -L).
 */
#ifndef LOAD_LOADER_H
#define LOAD_LOADER_H

#include "cli/ctx.h"

struct bpf_object;
struct bpf_program;

/*
 * The context it is run with: struct bpf_loader_ctx, a struct bpf_map_desc for each map and a
 * struct bpf_prog_desc for each program, in libbpf's order (bpf_object__for_each_map() and
 * _program()); sizes are bytes.
 */
struct loader {
	const void *data;		/* what its map holds; the object's */
	const void *insns;		/* the object's, or own_insns */
	uint32_t data_len, insns_len;
	size_t n_maps, n_progs;

	/* With -S; all owned. */
	void *own_insns;
	uint8_t *signature, *certificate;
	size_t signature_len, certificate_len;	/* 0: it is not signed */
	uint8_t hash[32];			/* SHA-256 of insns: whose map it is */
};

/*
 * Make it. The object is opened and not loaded yet; afterwards it is no longer of use, but for what
 * it says of its maps and programs. Nothing is created in the kernel. file names it in errors. 0,
 * or the error is stored: some objects have what no loader program can do. loader_free() it in any
 * case.
 *
 * With -S the instructions are signed, and what is signed begins by comparing the hash of the map's
 * data, which the kernel has taken, with the one in the instructions: see load/loader_sign.c.
 */
int loader_make(struct ctx *ctx, struct bpf_object *obj, const char *file, struct loader *ret);
#define auto_loader __attribute__((cleanup(loader_free)))
void loader_free(struct loader *l);

/* load/loader_sign.c: put the comparison in front of l's instructions and sign them. */
int loader_sign(struct ctx *ctx, struct loader *l);

#endif
