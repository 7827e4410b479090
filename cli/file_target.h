/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The target of a path to be written. For file.c. */
#ifndef CLI_FILE_TARGET_H
#define CLI_FILE_TARGET_H

#include <sys/stat.h>

#include "cli/defs.h"

struct file_target {
	enum { TARGET_NEW, TARGET_REGULAR, TARGET_SPECIAL, TARGET_OWN_FD } kind;
	char *path;			/* owned: after following all links */
	int own_fd;			/* TARGET_OWN_FD: one of our descriptors; not owned */
	struct stat st;			/* TARGET_REGULAR: the existing file */
	bool shared_dir;		/* others may create files in its directory, as in /tmp */
};

/*
 * Follows the links in path's last component, by the rules of fs.protected_symlinks: in a directory
 * like /tmp, links of other users are rejected (-EACCES). A directory is -EISDIR. Returns 0 or a
 * negative errno; on success free ret->path.
 */
int file_target_find(const char *path, struct file_target *ret);

/* "a/b" -> 2, "b" -> 0: the length before the last component. */
size_t path_dir_len(const char *path);
/* The directory, "." for a bare name: owned, or NULL. */
char *path_dir(const char *path);

#endif
