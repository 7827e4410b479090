/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Files that somebody else is to open: a pipe gives its bytes only once. */
#ifndef CLI_FILE_SETTLE_H
#define CLI_FILE_SETTLE_H

#include "cli/defs.h"

struct err;

struct settled_file {
	const char *path;		/* for open(2), as often as wanted, until it is closed */
	int fd; /* owned: of a copy in memory; -1 where path is the caller's own */
	char own_path[32];
};

#define auto_settled __attribute__((cleanup(file_settled_close)))

/*
 * A path to the bytes of this one: the same for a regular file, that of a copy (at most max bytes)
 * for pipes. The path must outlive *ret, which must not be moved. 0, or the error is stored;
 * file_settled_close() in any case.
 */
int file_settle(struct err *e, const char *path, size_t max, struct settled_file *ret);
/* The same for bytes in memory, called path in errors. */
int file_settle_bytes(struct err *e, const char *path, const void *data, size_t len,
		      struct settled_file *ret);
void file_settled_close(struct settled_file *f);

#endif
