/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Whole files that commands read, and write beside stdout. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "defs.h"

struct buf;
struct err;

/*
 * As file_write(), with this mode (0644: for others to read).
 */
int file_write_mode(struct err *e, const char *path, const void *data, size_t len, unsigned int mode);

/*
 * Write a file of mode 0600: a new one takes the place of what was there when it is whole, so that
 * a failure leaves the old state. Devices and pipes are written to. 0, or the error is stored.
 */
int file_write(struct err *e, const char *path, const void *data, size_t len);

/*
 * The same piece by piece, for what is too large to be composed in memory: write to fd, then file_finish()
 * puts it in its place, or file_abandon() leaves what was there before.
 */
struct new_file {
	int fd;				/* owned */
	const char *path;		/* as the user named it; not owned */
	char *target, *temp;		/* owned; temp: NULL for devices and pipes, which are written to */
	unsigned int mode;
};

#define FILE_MODE_USUAL 0	/* what the umask allows; an old file's mode and owner are kept */

/* 0, or the error is stored and *ret is untouched. The path must outlive it. */
int file_begin(struct err *e, const char *path, unsigned int mode, struct new_file *ret);
/* 0, or the error is stored and the old state is left. Either way all is closed and freed. */
int file_finish(struct err *e, struct new_file *f);
void file_abandon(struct new_file *f);

/*
 * A whole file of at most max bytes, "-" for stdin, behind what b holds (the caller frees that). 0, or the
 * error is stored.
 */
int file_read(struct err *e, const char *path, size_t max, struct buf *b);
/* The same of an open file; no error is stored: 0, -EFBIG for more than max, or another negative errno. */
int file_read_fd(int fd, size_t max, struct buf *b);

#endif
