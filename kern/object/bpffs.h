/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * bpffs: which paths pin which objects, and pinning with all its rules (compat.md 1.12, without
 * W12: nothing is ever mounted over a directory with contents).
 */
#ifndef KERN_OBJECT_BPFFS_H
#define KERN_OBJECT_BPFFS_H

#include <linux/limits.h>

#include "kern/object/obj.h"

struct pins;

/* Walks every visible bpffs mount, once, for objects of a kind. Owned: pins_free(). */
int pins_collect(struct ctx *ctx, const struct obj_kind *kind, struct pins **ret);
void pins_free(struct pins *p);
/* For listings: reports directories without access, which are not an error of pins_collect(). */
void pins_partly(struct ctx *ctx, const struct pins *p);
bool pins_any(const struct pins *p);
/* The i-th of all paths, in order of object ids; NULL after the last. */
const char *pins_path(const struct pins *p, size_t i);
/*
 * Removes the pin at path if it is still one of this object: returns 0, -ESTALE if it is not,
 * -ENOENT if it does not exist, or another errno. pin_check(): the same without the removal. They
 * report nothing.
 */
int pin_remove(const struct obj_kind *kind, const char *path, uint32_t id);
int pin_check(const struct obj_kind *kind, const char *path, uint32_t id);

/*
 * Whatever is pinned at path: an owned fd and its kind, or a negative errno (-ESTALE: it is not a
 * BPF object). Reports nothing.
 */
int pin_open(const char *path, const struct obj_kind **ret_kind);

/* Paths of one object: n of them, sorted; the array belongs to pins. */
const char *const *pins_of(const struct pins *p, uint32_t id, size_t *ret_n);

/*
 * As far as possible before any work is done: would a pin at path be rejected? Returns 0 or the
 * error.
 */
int bpffs_check_pin(struct ctx *ctx, const char *path);

/* What was done for a directory of pins: it was created, a bpffs was mounted on it. */
struct bpffs_made {
	bool dir, mounted;
};

/*
 * A directory for pins (loadall PATH, pinmaps DIR): created if it does not exist, bpffs mounted on
 * it if 1.12 allows. *ret_made is what bpffs_unmake() undoes, after our own pins in the directory
 * were removed; a mount with other pins is kept.
 */
int bpffs_make_dir(struct ctx *ctx, const char *dir, struct bpffs_made *ret_made);
/*
 * Prepares a pin at path. Rejects an existing path; mounts a bpffs on the parent directory (dir)
 * only if that is an empty directory and -n was not given, otherwise the error says what to do.
 */
int bpffs_make_room(struct ctx *ctx, const char *path, char dir[static PATH_MAX],
		    struct bpffs_made *ret_made);
/* Pins fd at a prepared path. Returns 0 or the error. */
int bpffs_pin(struct ctx *ctx, int fd, const char *path);
void bpffs_unmake(const char *dir, const struct bpffs_made *made);

#endif
