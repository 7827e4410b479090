/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What this run has created in bpffs, in case it fails later. */
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
 * From here on SIGINT, SIGTERM and SIGHUP are blocked until everything is complete or removed, so
 * that nothing incomplete is left behind. undo_pin() and undo_make_dir() do this themselves.
 */
void undo_hold(struct undo *u);

/*
 * Everything is removed, newest first, at the end of the block; call undo_done() after success: it
 * reports what was mounted.
 */
#define auto_undo __attribute__((cleanup(undo_run)))
void undo_run(struct undo *u);
void undo_done(struct ctx *ctx, struct undo *u);

/* Records a pin that a library is about to create. Returns 0 or an error. */
int undo_expect(struct ctx *ctx, struct undo *u, const char *path);
/* It was not created: forget everything after the first n. */
void undo_drop(struct undo *u, size_t n);

/* bpffs_make_room() with bpffs_pin(), and bpffs_make_dir(), recorded. */
int undo_pin(struct ctx *ctx, struct undo *u, int fd, const char *path);
int undo_make_dir(struct ctx *ctx, struct undo *u, const char *dir);
/* undo_pin() as the last step of a command; signals are blocked. */
int undo_pin_last(struct ctx *ctx, int fd, const char *path);

/* DIR/name. A name from an object must not lead elsewhere, and the kernel rejects dots in it. */
int pin_path(struct ctx *ctx, const char *dir, const char *name, char ret[static PATH_MAX]);

#endif
