/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The tracing file system: where it is, and its files as texts. What they mean is trace_state's
 * business. */
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
 * Where tracefs is mounted, or, if that is nowhere, mount it at /sys/kernel/tracing (not with -n).
 * 0, or an error with text and hint. cleanup_tracefs() lets go of it; the mount stays.
 */
int tracefs_open(struct ctx *ctx, struct tracefs *ret);

/*
 * A whole file, NUL-terminated, owned. Negative errno: -ENOENT where this kernel has no such file.
 * Reports nothing. These two take any directory, so that tests and instances can use them.
 */
int tracefs_read(int dir, const char *file, char **ret_text);

enum tracefs_how {
	TRACEFS_SET,			/* what stands there is replaced: opened with O_TRUNC */
	TRACEFS_ADD,			/* one more command for a file that keeps a list */
};

/* Text goes there in one piece, as the kernel wants it. 0 or negative errno, which is its answer.
 */
int tracefs_write(int dir, const char *file, enum tracefs_how how, const char *text);

#endif
