/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Where a path that is to be written leads. For file.c. */
#ifndef CLI_FILE_TARGET_H
#define CLI_FILE_TARGET_H

#include <sys/stat.h>

#include "cli/defs.h"

struct file_target {
	enum { TARGET_NEW, TARGET_REGULAR, TARGET_SPECIAL, TARGET_OWN_FD } kind;
	char *path;			/* owned: behind all links */
	int own_fd;			/* TARGET_OWN_FD: one of our descriptors; not owned */
	struct stat st;			/* TARGET_REGULAR: the file that is there */
};

/*
 * Follow the links of path's last part, by the rules of fs.protected_symlinks: in a directory like
 * /tmp those of somebody else lead nowhere (-EACCES). A directory is -EISDIR. 0 or a negative
 * errno; on success free ret->path.
 */
int file_target_find(const char *path, struct file_target *ret);

/* "a/b" -> 2, "b" -> 0: the length of what stands before the last part. */
size_t path_dir_len(const char *path);
/* The directory, "." for a bare name: owned, or NULL. */
char *path_dir(const char *path);

#endif
