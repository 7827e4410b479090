/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Programs that processes keep on tracepoints, kprobes and uprobes by an open file
 * (BPF_TASK_FD_QUERY).
 */
#ifndef KERN_ATTACH_PERF_EVENT_H
#define KERN_ATTACH_PERF_EVENT_H

#include "kern/procs.h"

/* Numbers as the kernel has them in enum bpf_task_fd_type. */
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
	uint32_t place;			/* enum perf_place, or newer than we know */
	const char *name; /* tracepoint, function or file; "" = addr tells. Untrusted */
	uint64_t offset, addr;
};

#define PERF_NAME_MAX (4096 + 1)		/* the kernel's own limit for a uprobe's file */

/* Can we ask? 0, or the negative errno of why not (-EPERM: needs CAP_SYS_ADMIN). */
int perf_check(void);

/* What perf_each() cannot tell. */
struct perf_gaps {
	size_t n_events; /* with a program of which the kernel tells nothing this way: counters */
	size_t n_procs;			/* that we may not look into */
};

/*
 * Call fn for every open file that keeps a program so; only files that can are asked about. fn's
 * non-zero return ends it and is returned. -ENOENT: /proc is not mounted.
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
 * These, by an iterator in the kernel. 0, fn's non-zero return, or a negative errno when it cannot
 * be used (no clang at build time, no BTF, another pid namespace, no right): then fn was not
 * called.
 */
int perf_each_counter(int (*fn)(const struct perf_counter *c, void *data), void *data);

/*
 * One file, of which perf_is_event() says that it is a perf event: 0, or why the kernel tells
 * nothing (it has no program). name has room for a path; ret->name points there.
 */
bool perf_is_event(const struct proc_file *f);
int perf_query(const struct proc_file *f, char name[static PERF_NAME_MAX], struct perf_probe *ret);

/* The kernel's word for a place ("kretprobe"); NULL: unknown. */
const char *perf_place_name(uint32_t place);

#endif
