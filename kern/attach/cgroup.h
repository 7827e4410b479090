/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What is attached to cgroups: one of them, or a whole tree, and from where in the tree a program
 * comes that takes effect.
 */
#ifndef KERN_ATTACH_CGROUP_H
#define KERN_ATTACH_CGROUP_H

#include "cli/ctx.h"

struct cgroup_prog {
	uint32_t id, attach_type;
	uint32_t flags;			/* how it was attached; 0 among the effective ones */
	uint64_t revision;		/* of the hook; 0: the kernel does not tell */
	const char *from; /* effective: the cgroup it is attached to; NULL: out of sight */
};

struct cgroup {
	const char *path;
	bool is_root;			/* of what was asked for */
	struct cgroup_prog *progs;	/* n of them, in the order of hooks */
	size_t n;
};

enum cgroup_flags {
	CGROUP_EFFECTIVE = 1 << 0,	/* what takes effect there, inherited ones included */
	CGROUP_TREE = 1 << 1,		/* with all cgroups below */
};

/*
 * Call fn for the cgroup at path, and with CGROUP_TREE for all below it, whether programs are there
 * or not. A cgroup that vanishes is passed over; one below path that cannot be read is reported
 * (report_and_skip()) and the walk goes on. 0, what fn returned, or an error with text.
 */
int cgroup_each(struct ctx *ctx, const char *path, unsigned int flags,
		int (*fn)(struct ctx *ctx, const struct cgroup *cg, void *data), void *data);

/* An owned fd of a directory that is a cgroup (version 2), or an error with text. */
int cgroup_open(struct ctx *ctx, const char *path);

/* Where cgroup2 is mounted: owned path, or an error with text. */
int cgroup_find_mount(struct ctx *ctx, char **ret_path);

#endif
