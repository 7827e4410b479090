/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The tracing file system: its location, and its files as texts. kern/trace/state.h interprets
 * them.
 */
#ifndef KERN_TRACE_TRACEFS_H
#define KERN_TRACE_TRACEFS_H

#include "cli/ctx.h"

struct tracefs {
	char *path;			/* owned: where it is mounted */
	int dir;			/* owned: that directory */
	uint64_t dev;			/* st_dev of its files, wherever they are mounted */
};

#define auto_tracefs __attribute__((cleanup(cleanup_tracefs)))
void cleanup_tracefs(struct tracefs *t);

/*
 * The tracefs mount point, or, if it is not mounted, mounts it at /sys/kernel/tracing (not with
 * -n). Returns 0, or an error with text and hint. cleanup_tracefs() releases it; the mount stays.
 */
int tracefs_open(struct ctx *ctx, struct tracefs *ret);

/*
 * A whole file, NUL-terminated, owned. Negative errno: -ENOENT if this kernel has no such file.
 * Reports nothing. These two accept any directory, so that tests and instances can use them.
 */
int tracefs_read(int dir, const char *file, char **ret_text);

enum tracefs_how {
	TRACEFS_SET,			/* replaces the contents: opened with O_TRUNC */
	TRACEFS_ADD,			/* adds a command to a file that is a list */
};

/*
 * Writes the text in one piece, as the kernel requires. Returns 0 or the kernel's error as negative
 * errno.
 */
int tracefs_write(int dir, const char *file, enum tracefs_how how, const char *text);

#endif
