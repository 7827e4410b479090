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
 * A whole file of at most max bytes, "-" for stdin, behind what b holds (the caller frees that). 0, or the
 * error is stored.
 */
int file_read(struct err *e, const char *path, size_t max, struct buf *b);

#endif
