/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* map create: the command's arguments, and the types of the new map. */
#ifndef MAP_CREATE_H
#define MAP_CREATE_H

#include "map/map.h"

struct map_create_args {
	const char *path, *type, *name;
	uint32_t key_size, value_size, entries, flags;
	struct ref inner;
	const char *dev, *old_dev;	/* offload_dev; dev, its former name */
	const char *numa_node;		/* a number; NULL: any node */
	uint64_t map_extra;
	const char *key_type, *value_type, *from;	/* names of types, and their source */
	const char *token;		/* a bpffs that delegates */
	const char *owner;		/* excl_prog_hash, in hex; NULL: any program */
};

/* map/create_btf.c: the types of the new map. */
struct map_types {
	struct btf *btf;		/* owned; NULL: the map gets none */
	int btf_fd; /* in the kernel; owned with a token, else by btf; -1: none */
	bool owns_fd;
	uint32_t key_id, value_id;
	uint32_t key_size, value_size;	/* from the types, else from the user */
};
/* token_fd: negative if there is none. */
int map_types_load(struct ctx *ctx, const struct map_create_args *a, uint32_t map_type,
		   int token_fd, struct map_types *ret);
void map_types_free(struct map_types *t);

#endif
