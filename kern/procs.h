/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Open files of all processes, from /proc. Processes and files may start and end meanwhile: what no
 * longer exists or is not accessible is skipped.
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
	int proc_dir;	    /* /proc/<pid>, borrowed; -1: not opened, comm is known */
	const char *comm;   /* the name of the process, borrowed; NULL: use proc_comm() */
	const char *target; /* start of the target of the link in fd/: "anon_inode:bpf-map" */
};

/*
 * Calls fn for every open file of every process except ourselves. An empty /proc is not an error. A
 * nonzero result of fn other than -EACCES ends the walk and is returned. *ret_hidden: number of
 * processes that are not accessible.
 */
int procs_each_file(int (*fn)(const struct proc_file *f, void *data), void *data,
		    size_t *ret_hidden);

/* Is /proc mounted? Without it no process is visible. */
bool procs_are_there(void);
/* The error if it is not, for a command that cannot do what (an infinitive). Returns -ENOENT. */
int procs_fail_none(struct ctx *ctx, const char *what);

/*
 * Do we have access to all processes? Iterators in the kernel do not need it. Even with it, a
 * security module or a container may hide some.
 */
bool procs_may_see_all(void);

/*
 * A listing lacks the objects of hidden processes: an error of the list. procs_hidden(): a list of
 * processes; procs_partly(): they are only a part of each element, and those that are hidden
 * although we have access to all (by a security module, as in a container) are not reported.
 */
void procs_hidden(struct ctx *ctx, size_t n_hidden);
void procs_partly(struct ctx *ctx, size_t n_hidden);
/* The error if it is about this process alone. Returns -EACCES. */
int procs_fail(struct ctx *ctx, uint32_t pid);

/* The same for one process. -ESRCH: it does not exist; -EACCES: it is not accessible. */
int proc_each_file(uint32_t pid, int (*fn)(const struct proc_file *f, void *data), void *data);

/* Name of the process; "" if it has exited. Untrusted. */
void proc_comm(const struct proc_file *f, char buf[static PROC_COMM_MAX]);

/* The start of a file of the process ("cgroup") as text; its length, or a negative errno. */
ssize_t proc_text(const struct proc_file *f, const char *path, char *buf, size_t size);

/*
 * One key of the file's fdinfo ("map_id"). -ENOENT: there is none, or the file was closed; another
 * errno if it could not be read.
 */
int proc_fdinfo(const struct proc_file *f, const char *key, uint32_t *ret);

#endif
