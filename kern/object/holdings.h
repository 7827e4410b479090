/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What each process holds of BPF: objects and probes, by its open files. */
#ifndef KERN_OBJECT_HOLDINGS_H
#define KERN_OBJECT_HOLDINGS_H

#include "kern/object/obj.h"
#include "kern/attach/perf_event.h"

#define CONTAINER_ID_LEN 64

struct held_obj {
	const struct obj_kind *kind;
	uint32_t id;
};

/* Each object once, sorted by kind and id; each probe as often as it is open. */
struct holder {
	uint32_t pid;
	char comm[PROC_COMM_MAX];	/* untrusted */
	const char *cgroup;		/* "" = unknown. Untrusted */
	char container[CONTAINER_ID_LEN + 1];	/* "" = none known */
	const struct held_obj *objs;
	size_t n_objs;
	const struct perf_probe *probes;
	const uint32_t *probe_fds;
	size_t n_probes;
	size_t n_events; /* perf events without a program, or that may not be queried */
};

/*
 * Calls fn for each process that holds anything, in the order of /proc; pid 0: all but ourselves,
 * else that process. The holder is valid during the call. A nonzero result of fn ends the walk and
 * is returned; else 0, -ESRCH, -EACCES (that process is not accessible), or -ENOMEM. *ret_hidden:
 * number of processes that are not accessible. One walk: only files that are BPF objects or perf
 * events are queried.
 */
int holders_each(uint32_t pid, int (*fn)(const struct holder *h, void *data), void *data,
		 size_t *ret_hidden);

#endif
