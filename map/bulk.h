/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What export, import, copy and clear share. */
#ifndef MAP_BULK_H
#define MAP_BULK_H

#include <time.h>

#include "kern/map/key_set.h"
#include "kern/map/write.h"
#include "map/map.h"

/* How far a long command has got: on a terminal, now and then. */
struct map_progress {
	const char *verb;		/* "imported" */
	uint64_t n, said;
	struct timespec last;
};
void map_progress_add(struct ctx *ctx, struct map_progress *p, uint64_t n);
void map_progress_end(struct ctx *ctx, struct map_progress *p);

/*
 * Remove all entries but those whose keys are in keep (NULL: all); where entries cannot be removed
 * they become zero. *ret_n is what was removed. Reports errors.
 */
int map_empty(struct ctx *ctx, int fd, const struct map_shape *s, struct key_set *keep,
	      uint64_t *ret_n);

/* The error of reading a map of this type, with what works instead. Returns err. */
int map_fail_walk(struct ctx *ctx, const struct map_shape *s, int err);

/* Why a write to a map was refused, as far as the map tells: a hint. */
void map_hint_write(struct ctx *ctx, int fd, const struct map_shape *s, int err);

/* Of import, and of update with a file. */
struct map_import_args {
	struct ref map;
	const char *path;
	bool replace, yes;
};

/* The entries of a file into the map, as import does. */
int map_import_file(struct ctx *ctx, const struct map_import_args *a);

#endif
