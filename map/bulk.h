/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by export, import, copy and clear. */
#ifndef MAP_BULK_H
#define MAP_BULK_H

#include <time.h>

#include "kern/map/key_set.h"
#include "kern/map/write.h"
#include "map/map.h"

/* Progress of a long command: on a terminal, every now and then. */
struct map_progress {
	const char *verb;		/* "imported" */
	uint64_t n, said;
	struct timespec last;
};
void map_progress_add(struct ctx *ctx, struct map_progress *p, uint64_t n);
void map_progress_end(struct ctx *ctx, struct map_progress *p);

/*
 * Removes all entries except those whose keys are in keep (NULL: all); entries that cannot be
 * removed are set to zero. *ret_n is the number of removed entries. Reports errors.
 */
int map_empty(struct ctx *ctx, int fd, const struct map_shape *s, struct key_set *keep,
	      uint64_t *ret_n);

/* What to do about an error of reading a value. */
void map_hint_read(struct ctx *ctx, int err);

/*
 * Entries whose values could not be read, which a command leaves out or shows without a value.
 * -ENOENT (it has vanished) and 0 do not count.
 */
struct map_left_out {
	uint64_t n;
	int err;	/* of the last */
};

void map_left_out_add(struct map_left_out *l, int err);
/* Like unread(), if there are any. */
void map_left_out_report(struct ctx *ctx, const struct map_shape *s, const struct map_left_out *l);

/* The error of reading a map of this type, with an alternative. Returns err. */
int map_fail_walk(struct ctx *ctx, const struct map_shape *s, int err);

/* Why a write to a map was rejected, as far as the map shows it: a hint. */
void map_hint_write(struct ctx *ctx, int fd, const struct map_shape *s, int err);

/* For import, and for update with a file. */
struct map_import_args {
	struct ref map;
	const char *path;
	bool replace, yes;
};

/* Writes the entries of a file to the map, like import. */
int map_import_file(struct ctx *ctx, const struct map_import_args *a);

#endif
