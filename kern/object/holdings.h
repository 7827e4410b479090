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
	char container[CONTAINER_ID_LEN + 1];	/* "" = none that we know of */
	const struct held_obj *objs;
	size_t n_objs;
	const struct perf_probe *probes;
	const uint32_t *probe_fds;
	size_t n_probes;
	size_t n_events; /* perf events without a program, or about which we may not ask */
};

/*
 * Call fn for each process that holds anything, in the order of /proc; pid 0: all but ourselves,
 * else that one. The holder lives during the call. fn's non-zero return ends it and is returned;
 * else 0, -ESRCH, -EACCES (we may not look into that one), or -ENOMEM. *ret_hidden: how many of all
 * we may not look into. One walk: only files that are BPF objects or perf events are asked about.
 */
int holders_each(uint32_t pid, int (*fn)(const struct holder *h, void *data), void *data,
		 size_t *ret_hidden);

#endif
