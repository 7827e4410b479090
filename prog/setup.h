/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Steps of prog load between opening and loading an object: program types, devices, maps that
 * replace the object's own. All report their errors in ctx->err.
 */
#ifndef PROG_SETUP_H
#define PROG_SETUP_H

#include "cli/cmd.h"
#include "load/log_buffer.h"

struct bpf_object;

/* load and loadall fill the same struct; the two tables differ in the words they accept. */
struct map_swap;
struct prog_load_args {
	const char *object;		/* an ELF file */
	const char *path;		/* load: the pin; loadall: a directory */
	const char *type;		/* a section name */
	struct map_swap *maps;		/* maps of the object to be replaced, newest first */
	const char *dev, *offload_dev, *xdpmeta_dev;	/* at most one; dev = offload_dev */
	const char *pinmaps;		/* a directory */
	bool autoattach;
	bool all;			/* loadall */
	struct log_wish log;		/* where the verifier's logs go */
	bool explain;			/* what the verifier did */
	const char *kernel_btf;		/* for CO-RE, instead of the running kernel's */
};

/* Sets the type of every program to be loaded, from its section or from "type". */
int set_types(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj);

/* offload_dev, dev, xdpmeta_dev. */
int set_devices(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj);

/* "map ... MAP": found, compared with the object's definition, and replaced. */
int swap_maps(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj);

/* Parser of "map {idx N | name NAME} MAP"; member is a struct map_swap *. */
int parse_map_swap(struct ctx *ctx, struct args *args, void *member);

#endif
