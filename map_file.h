/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A file of JSON objects, one after the other: JSON lines, or the elements of one array, in any
 * layout. Cut into their texts without understanding them; memory is that of the longest.
 */
#ifndef MAP_FILE_H
#define MAP_FILE_H

#include "cli/defs.h"

struct map_file {
	int fd;				/* not owned */
	char *data;			/* owned */
	size_t cap, at, end;
	uint64_t line;			/* where the element that was given begins, from 1 */
	uint64_t next_line;
	bool at_eof;
};

/* The next object: 1 and its text (until the next call), 0 at the end, or a negative errno (-EINVAL: no object). */
int map_file_next(struct map_file *f, const char **ret, size_t *ret_len);
void map_file_free(struct map_file *f);

#endif
