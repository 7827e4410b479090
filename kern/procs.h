/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Open files of all processes, from /proc. Processes and files come and go while we look: what
 * vanishes is passed over, and so is what we may not look into.
 */
#ifndef KERN_PROCS_H
#define KERN_PROCS_H

#include <sys/types.h>

#include "cli/defs.h"

#define PROC_COMM_MAX 16
#define PROC_TARGET_MAX 64

struct ctx;

struct proc_file {
	uint32_t pid, fd;
	int proc_dir;	    /* /proc/<pid>, borrowed; -1: not opened, the name is known */
	const char *comm;   /* the name of the process, borrowed; NULL: proc_comm() reads it */
	const char *target; /* beginning of what the link in fd/ says: "anon_inode:bpf-map" */
};

/*
 * Every open file of every process but ourselves. An empty /proc is not an error. fn's
 * non-zero return, which is not -EACCES, ends it and is returned. *ret_hidden: how many processes
 * we may not look into.
 */
int procs_each_file(int (*fn)(const struct proc_file *f, void *data), void *data,
		    size_t *ret_hidden);

/* Is /proc mounted? Without it nobody is seen. */
bool procs_are_there(void);
/* The error when it is not, of a command that cannot do what (an infinitive). Returns -ENOENT. */
int procs_fail_none(struct ctx *ctx, const char *what);

/*
 * Do we have the right to look into all? Iterators in the kernel see them without it. With it a
 * security module or a container's walls may still hide one or the other.
 */
bool procs_may_see_all(void);

/* A listing lacks what hidden processes have: an error of the list, unless we have the right to see
 * all. */
void procs_partly(struct ctx *ctx, size_t n_hidden);
/* The error when it is about this process alone. Returns -EACCES. */
int procs_fail(struct ctx *ctx, uint32_t pid);

/* The same for one process. -ESRCH: there is none; -EACCES: we may not look into it. */
int proc_each_file(uint32_t pid, int (*fn)(const struct proc_file *f, void *data), void *data);

/* Name of the process; "" when it is gone. Untrusted. */
void proc_comm(const struct proc_file *f, char buf[static PROC_COMM_MAX]);

/* The start of a file of the process ("cgroup") as text; its length, or a negative errno. */
ssize_t proc_text(const struct proc_file *f, const char *path, char *buf, size_t size);

/* One key of the file's fdinfo ("map_id"): false if there is none. */
bool proc_fdinfo(const struct proc_file *f, const char *key, uint32_t *ret);

#endif
