/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The mounts visible to this process. */
#ifndef KERN_OBJECT_MOUNTS_H
#define KERN_OBJECT_MOUNTS_H

#include "cli/defs.h"

struct mount {
	const char *point;		/* a path in our namespace, not escaped */
	const char *root;		/* the mounted part of the file system: usually "/" */
	const char *type;		/* "bpf", "cgroup2" */
	const char *options;		/* of the file system, comma separated */
};

/*
 * Calls fn for each mount, in mounting order; the strings are valid during the call. Stops if fn
 * returns nonzero and returns that, or a negative errno.
 */
int mounts_each(int (*fn)(const struct mount *m, void *data), void *data);

/* The first mount point of a file system type: owned path; -ENOENT if there is none. */
int mounts_find(const char *type, char **ret_point);

#endif
