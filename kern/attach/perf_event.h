/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Programs that processes keep on tracepoints, kprobes and uprobes by an open file
 * (BPF_TASK_FD_QUERY).
 */
#ifndef KERN_ATTACH_PERF_EVENT_H
#define KERN_ATTACH_PERF_EVENT_H

#include "kern/procs.h"

/* Numbers from the kernel's enum bpf_task_fd_type. */
enum perf_place {
	PERF_RAW_TRACEPOINT,
	PERF_TRACEPOINT,
	PERF_KPROBE,
	PERF_KRETPROBE,
	PERF_UPROBE,
	PERF_URETPROBE,
	PERF_PLACES,
};

struct perf_probe {
	uint32_t prog_id;
	uint32_t place;			/* enum perf_place, or a newer number */
	const char *name; /* tracepoint, function or file; "" = use addr. Untrusted */
	uint64_t offset, addr;
};

#define PERF_NAME_MAX (4096 + 1)		/* the kernel's limit for a uprobe's file */

/* Is the query possible? Returns 0, or the negative errno (-EPERM: needs CAP_SYS_ADMIN). */
int perf_check(void);

/* What perf_each() cannot find. */
struct perf_gaps {
	size_t n_events; /* with a program that this query does not report: counters */
	size_t n_procs;			/* that are not accessible */
};

/*
 * Calls fn for every open file that keeps a program attached; only files that may do so are
 * queried. A nonzero result of fn ends the walk and is returned. -ENOENT: /proc is not mounted.
 */
int perf_each(int (*fn)(const struct proc_file *f, const struct perf_probe *p, void *data),
	      void *data, struct perf_gaps *ret);

/* A program on a hardware or software event. */
struct perf_counter {
	uint32_t pid, fd, prog_id;
	uint32_t type;			/* perf_event_attr.type and config: perf_names.h */
	uint64_t config;
	char comm[PROC_COMM_MAX];	/* untrusted */
};

/*
 * These programs, found by an iterator in the kernel. Returns 0, fn's nonzero result, or a negative
 * errno if the iterator cannot be used (no clang at build time, no BTF, another pid namespace, no
 * permission): then fn was not called.
 */
int perf_each_counter(int (*fn)(const struct perf_counter *c, void *data), void *data);

/*
 * One file, which is a perf event by perf_is_event(): returns 0, or why the kernel reports nothing
 * (it has no program). name has room for a path; ret->name points to it.
 */
bool perf_is_event(const struct proc_file *f);
int perf_query(const struct proc_file *f, char name[static PERF_NAME_MAX], struct perf_probe *ret);

/* The kernel's word for a place ("kretprobe"); NULL: unknown. */
const char *perf_place_name(uint32_t place);

#endif
