/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A file of JSON objects: JSON lines, or the elements of an array, in any layout, one document
 * after the other. Cut into their texts without understanding them; what stands between them is
 * checked to the end of the file, closing brackets included. Memory is that of the longest.
 */
#ifndef MAP_FILE_H
#define MAP_FILE_H

#include "cli/defs.h"

/* Where the next entry is looked for: outside of arrays, behind '[', an element, or a comma. */
enum map_file_where { FILE_OUTSIDE, FILE_OPENED, FILE_BEHIND, FILE_COMMA };

struct map_file {
	int fd;				/* not owned */
	char *data;			/* owned */
	size_t cap, at, end;
	uint64_t line;			/* where the element that was given begins, from 1 */
	uint64_t next_line;
	enum map_file_where where;
	const char *why;		/* of -EINVAL: what is wrong at line; static */
};

/*
 * The next object: 1 and its text (until the next call), 0 where the last document has ended as it
 * should, or a negative errno (-EINVAL: this is no such file, see why).
 */
int map_file_next(struct map_file *f, const char **ret, size_t *ret_len);
void map_file_free(struct map_file *f);

#endif
