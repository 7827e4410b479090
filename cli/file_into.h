/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Files that cannot be replaced: the new contents are written into them. For file.c. */
#ifndef CLI_FILE_INTO_H
#define CLI_FILE_INTO_H

#include "cli/file_target.h"

/*
 * Opens the regular file that t was found to be for writing: an owned descriptor, or a negative
 * errno. -ESTALE: it is another by now. -EMLINK: in a directory like /tmp it may be the link of
 * another user to a file of ours.
 */
int file_into_open(const char *path, const struct file_target *t);

/* A file without a name for the new contents, outside of the target's directory. */
int file_into_stage(void);

/*
 * The contents of from become those of into. Room for them is reserved first; signals are kept
 * waiting. *ret_torn: after an error the old contents are lost.
 */
int file_into_copy(int into, int from, bool *ret_torn);

#endif
