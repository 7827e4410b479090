/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A file of JSON objects: JSON lines, or the elements of an array, in any layout, one document
 * after the other. Splits it into the texts of the objects without parsing them; everything between
 * them is checked up to the end of the file, including closing brackets. Needs memory for the
 * longest object.
 */
#ifndef MAP_FILE_H
#define MAP_FILE_H

#include "cli/defs.h"

/*
 * Where the next entry is searched: outside of arrays, after '[', after an element, or after a
 * comma.
 */
enum map_file_where { FILE_OUTSIDE, FILE_OPENED, FILE_BEHIND, FILE_COMMA };

struct map_file {
	int fd;				/* not owned */
	char *data;			/* owned */
	size_t cap, at, end;
	uint64_t line;			/* the start of the returned element, from 1 */
	uint64_t next_line;
	enum map_file_where where;
	const char *why;		/* of -EINVAL: the error at line; static */
};

/*
 * The next object: returns 1 and its text (valid until the next call), 0 if the last document ended
 * correctly, or a negative errno (-EINVAL: invalid file, see why).
 */
int map_file_next(struct map_file *f, const char **ret, size_t *ret_len);
void map_file_free(struct map_file *f);

#endif
