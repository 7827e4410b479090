/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Reads whole files, and writes files other than stdout. All files are written here:
 *
 * A file is written completely or not at all: a new one replaces the old only on success; a failure
 * or a signal leaves the old one unchanged and no temporary file. Mode and owner of an old file are
 * kept (the owner if we may set it). Links are followed as in the kernel, including dangling ones.
 * Anything but a regular file is never replaced but written to; so are our own descriptors
 * (/dev/stdout, /dev/fd/N).
 *
 * A file with several names (hard links), or in a directory in which no file can be created, is
 * written into, once all of the new contents exist elsewhere: only a crash or an I/O error at that
 * moment leaves a mixture.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <sys/types.h>

#include "cli/defs.h"

struct buf;
struct err;

#define FILE_MODE_USUAL 0	/* for a new file: by the umask */
#define FILE_KEEP                                                                                  \
	0x10000 /* or'ed to a mode: what was written is nowhere else, so that no signal removes it \
		 */

/* A new file gets this mode (0644: readable by others). Returns 0, or the error is stored. */
int file_write_mode(struct err *e, const char *path, const void *data, size_t len,
		    unsigned int mode);

/* The same with mode 0600. */
int file_write(struct err *e, const char *path, const void *data, size_t len);

/*
 * The same in pieces, for data too large for memory: file_put() or write to fd, then file_finish()
 * puts it in place, or file_abandon() keeps the old file.
 */
struct new_file {
	int fd;				/* owned */
	const char *path;		/* as given by the user; not owned */
	char *target;			/* owned: the final path; NULL: written to directly */
	char *temp;			/* owned: temporary name; NULL: it has none */
	unsigned int mode;
	bool in_place;			/* written into, not replaced: */
	int into;			/* owned: the old file */
	bool has_old;
	mode_t old_mode;
	uid_t old_uid;
	gid_t old_gid;
};

/* Returns 0, or the error is stored and *ret is untouched. path must outlive it. */
int file_begin(struct err *e, const char *path, unsigned int mode, struct new_file *ret);
/*
 * Writes all of it; *ret_done (may be NULL) is the number of bytes written, also on failure.
 * Returns 0, or the error is stored.
 */
int file_put(struct err *e, const struct new_file *f, const struct buf *b, size_t *ret_done);
/*
 * Returns 0, or the error is stored and the old file is unchanged; with FILE_KEEP the hint contains
 * the name of the new file. In both cases everything is closed and freed.
 */
int file_finish(struct err *e, struct new_file *f);
void file_abandon(struct new_file *f);

/*
 * A whole file of at most max bytes, "-" for stdin, appended to b (freed by the caller). Returns 0,
 * or the error is stored.
 */
int file_read(struct err *e, const char *path, size_t max, struct buf *b);
/*
 * The same for an open file; no error is stored: returns 0, -EFBIG if it is larger than max, or
 * another negative errno.
 */
int file_read_fd(int fd, size_t max, struct buf *b);

#define FILE_START_MIN 4

/*
 * Files of one kind: at most max bytes; starts() says by the first bytes, FILE_START_MIN at least,
 * whether it can be one. What can not is not read on (a device may have no end): reading returns 0
 * and b contains its start, by which the caller refuses it.
 */
struct file_kind {
	size_t max;
	bool (*starts)(const void *data, size_t len);
};

/* Like file_read() and file_read_fd(). */
int file_read_kind(struct err *e, const char *path, const struct file_kind *kind, struct buf *b);
int file_read_kind_fd(int fd, const struct file_kind *kind, struct buf *b);
/*
 * The first size - 1 bytes of an open file, or all, terminated by '\0': returns their number, or a
 * negative errno. Repeats short reads until the end.
 */
ssize_t file_read_start(int fd, char *text, size_t size);

#endif
