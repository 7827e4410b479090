/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whole files that commands read, and write beside stdout. This is the one way to write a file:
 *
 * A file appears whole or not at all: a new one takes the place of the old when all went well, a
 * failure or a signal leaves the old one and nothing else. Mode and owner of an old file stay (the
 * owner as far as we may say so). Links are followed as the kernel would, those that lead nowhere
 * yet included. What is no regular file is never replaced but written into; so are our own
 * descriptors (/dev/stdout, /dev/fd/N).
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <sys/types.h>

#include "cli/defs.h"

struct buf;
struct err;

#define FILE_MODE_USUAL 0	/* for a new file: what the umask allows */
#define FILE_KEEP                                                                                  \
	0x10000 /* or'ed to a mode: what was written is nowhere else, so that no signal removes it \
		 */

/* A new file gets this mode (0644: for others to read). 0, or the error is stored. */
int file_write_mode(struct err *e, const char *path, const void *data, size_t len,
		    unsigned int mode);

/* The same with mode 0600. */
int file_write(struct err *e, const char *path, const void *data, size_t len);

/*
 * The same piece by piece, for what is too large to be composed in memory: file_put() or write to
 * fd, then file_finish() puts it in its place, or file_abandon() leaves what was there before.
 */
struct new_file {
	int fd;				/* owned */
	const char *path;		/* as the user named it; not owned */
	char *target;			/* owned: what it becomes; NULL: written into, as it goes */
	char *temp;			/* owned: its name until then; NULL: it has none */
	unsigned int mode;
	bool has_old;
	mode_t old_mode;
	uid_t old_uid;
	gid_t old_gid;
};

/* 0, or the error is stored and *ret is untouched. The path must outlive it. */
int file_begin(struct err *e, const char *path, unsigned int mode, struct new_file *ret);
/* All of it; *ret_done (NULL: not asked for) is what was written, on failure too. 0, or the error
 * is stored. */
int file_put(struct err *e, const struct new_file *f, const struct buf *b, size_t *ret_done);
/*
 * 0, or the error is stored and the old state is left; with FILE_KEEP the hint has the name that
 * the new file keeps then. Either way all is closed and freed.
 */
int file_finish(struct err *e, struct new_file *f);
void file_abandon(struct new_file *f);

/*
 * A whole file of at most max bytes, "-" for stdin, behind what b holds (the caller frees that). 0,
 * or the error is stored.
 */
int file_read(struct err *e, const char *path, size_t max, struct buf *b);
/* The same of an open file; no error is stored: 0, -EFBIG for more than max, or another negative
 * errno. */
int file_read_fd(int fd, size_t max, struct buf *b);
/* The first size - 1 bytes of an open file, or all, with a '\0' behind: their number, or a negative
 * errno. A read may give a part only: asks until the end. */
ssize_t file_read_start(int fd, char *text, size_t size);

#endif
