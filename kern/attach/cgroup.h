/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Programs on cgroups: one cgroup, or a whole tree, and for effective programs the cgroup they are
 * attached to.
 */
#ifndef KERN_ATTACH_CGROUP_H
#define KERN_ATTACH_CGROUP_H

#include "cli/ctx.h"

struct cgroup_prog {
	uint32_t id, attach_type;
	uint32_t flags;			/* attach flags; 0 for effective programs */
	uint64_t revision;		/* of the hook; 0: not reported by the kernel */
	const char *from; /* effective: the cgroup it is attached to; NULL: not visible */
};

struct cgroup {
	const char *path;
	bool is_root;			/* the cgroup that was asked for */
	struct cgroup_prog *progs;	/* n of them, in the order of hooks */
	size_t n;
};

enum cgroup_flags {
	CGROUP_EFFECTIVE = 1 << 0,	/* effective programs, including inherited ones */
	CGROUP_TREE = 1 << 1,		/* with all descendants */
};

/*
 * Calls fn for the cgroup at path, and with CGROUP_TREE for all its descendants, with or without
 * programs. A cgroup that was removed meanwhile is skipped; a descendant that cannot be read is
 * reported (report_and_skip()) and the walk continues. Returns 0, the result of fn, or an error
 * with text.
 */
int cgroup_each(struct ctx *ctx, const char *path, unsigned int flags,
		int (*fn)(struct ctx *ctx, const struct cgroup *cg, void *data), void *data);

/* An owned fd of a cgroup v2 directory, or an error with text. */
int cgroup_open(struct ctx *ctx, const char *path);

/* The cgroup2 mount point: owned path, or an error with text. */
int cgroup_find_mount(struct ctx *ctx, char **ret_path);

#endif
