/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The mounts that this process sees. */
#ifndef KERN_OBJECT_MOUNTS_H
#define KERN_OBJECT_MOUNTS_H

#include "cli/defs.h"

struct mount {
	const char *point;		/* a path of ours, as it is (not escaped) */
	const char *root;		/* what part of the file system is mounted: "/", usually */
	const char *type;		/* "bpf", "cgroup2" */
	const char *options;		/* those of the file system, comma separated */
};

/*
 * Call fn for each mount, in mounting order; the strings live during the call. Stops when fn
 * returns non-zero and returns that, or a negative errno.
 */
int mounts_each(int (*fn)(const struct mount *m, void *data), void *data);

/* Where the first file system of the type is mounted: owned path; -ENOENT if nowhere. */
int mounts_find(const char *type, char **ret_point);

#endif
