/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What this run has put into bpffs, for the case that it fails later. */
#ifndef KERN_OBJECT_UNDO_H
#define KERN_OBJECT_UNDO_H

#include <linux/limits.h>
#include <signal.h>

#include "kern/object/bpffs.h"

struct undo {
	struct made {
		char *path;
		struct bpffs_made dir;	/* all zero: a pin */
	} *made;
	size_t n;
	bool holding;
	sigset_t before;
};

/*
 * From here on SIGINT, SIGTERM and SIGHUP wait until all is well or taken away, so that they leave
 * no half of it behind. undo_pin() and undo_make_dir() do this by themselves.
 */
void undo_hold(struct undo *u);

/* Taken away, newest first, when the block is left; undo_forget() once all is well. */
#define auto_undo __attribute__((cleanup(undo_run)))
void undo_run(struct undo *u);
void undo_forget(struct undo *u);

/* Remember a pin that a library is about to make. 0 or error. */
int undo_expect(struct ctx *ctx, struct undo *u, const char *path);
/* It was not made: forget all beyond the first n. */
void undo_drop(struct undo *u, size_t n);

/* bpffs_pin() and bpffs_make_dir(), remembered. */
int undo_pin(struct ctx *ctx, struct undo *u, int fd, const char *path);
int undo_make_dir(struct ctx *ctx, struct undo *u, const char *dir);
/* bpffs_pin() as the last step of a command: there is nothing to remember, but signals wait. */
int undo_pin_last(struct ctx *ctx, int fd, const char *path);

/* DIR/name. A name from an object must not lead elsewhere, and the kernel refuses dots in it. */
int pin_path(struct ctx *ctx, const char *dir, const char *name, char ret[static PATH_MAX]);

#endif
