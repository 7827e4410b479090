/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Files that other code opens: a pipe can be read only once. */
#ifndef CLI_FILE_SETTLE_H
#define CLI_FILE_SETTLE_H

#include "cli/defs.h"

struct err;
struct file_kind;

struct settled_file {
	const char *path;		/* for open(2), any number of times, until it is closed */
	int fd; /* owned: of a copy in memory; -1 if path is the caller's own */
	char own_path[32];
};

#define auto_settled __attribute__((cleanup(file_settled_close)))

/*
 * A path to the contents of path: the same for a regular file, for pipes that of a copy (of its
 * start only, if it is of another kind). path must outlive *ret, which must not be moved. Returns
 * 0, or the error is stored; call file_settled_close() in both cases.
 */
int file_settle(struct err *e, const char *path, const struct file_kind *kind,
		struct settled_file *ret);
/* The same for bytes in memory, called path in errors. */
int file_settle_bytes(struct err *e, const char *path, const void *data, size_t len,
		      struct settled_file *ret);
/* Does the last component of the path name its contents? Not for a pipe: /dev/fd/63. */
bool file_is_named(const char *path);
void file_settled_close(struct settled_file *f);

#endif
