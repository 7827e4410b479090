/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Loader programs: libbpf generates one from an object, and it creates the object's maps and loads
 * its programs. It is run here (prog load -L) or embedded in a light skeleton (gen skeleton -L).
 */
#ifndef LOAD_LOADER_H
#define LOAD_LOADER_H

#include "cli/ctx.h"

struct bpf_object;
struct bpf_program;

/*
 * Its context: struct bpf_loader_ctx, a struct bpf_map_desc per map and a struct bpf_prog_desc per
 * program, in libbpf's order (bpf_object__for_each_map() and _program()); sizes are bytes.
 */
struct loader {
	const void *data;		/* contents of its map; the object's */
	const void *insns;		/* the object's, or own_insns */
	uint32_t data_len, insns_len;
	size_t n_maps, n_progs;

	/* With -S; all owned. */
	void *own_insns;
	uint8_t *signature, *certificate;
	size_t signature_len, certificate_len;	/* 0: not signed */
	uint8_t hash[32];			/* SHA-256 of insns: the owner of its map */
};

/*
 * Generates it. The object is opened and not loaded yet; afterwards only the data about its maps
 * and programs can still be used. Nothing is created in the kernel. file is the name in errors.
 * Returns 0, or the error is stored: some objects need what no loader program can do. Call
 * loader_free() in both cases.
 *
 * With -S the instructions are signed, and they start with a comparison of the map's hash, computed
 * by the kernel, with the one in the instructions: see load/loader_sign.c.
 */
int loader_make(struct ctx *ctx, struct bpf_object *obj, const char *file, struct loader *ret);
#define auto_loader __attribute__((cleanup(loader_free)))
void loader_free(struct loader *l);

/* load/loader_sign.c: inserts the comparison before l's instructions and signs them. */
int loader_sign(struct ctx *ctx, struct loader *l);

#endif
