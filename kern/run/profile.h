/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What runs of a program cost: by counters that two programs of ours read before and after each
 * (bpf/profile.bpf.c), or, where these cannot be loaded, as the kernel's own statistics tell.
 */
#ifndef KERN_RUN_PROFILE_H
#define KERN_RUN_PROFILE_H

#include "bpf/profile.h"
#include "kern/object/obj.h"

struct profile_counter {
	uint32_t type;			/* PERF_TYPE_* */
	uint64_t config;
};

struct profile_value {
	uint64_t value;
	uint64_t enabled, running;	/* ns the counter was wanted, and was there */
};

struct profile;

/*
 * Count from now on, n <= PROFILE_METRICS counters on every CPU, in the kernel only. 0 or a
 * negative errno, and then in *ret_what what it was that failed. Reports nothing.
 */
int profile_start(int prog_fd, const struct profile_counter *counters, size_t n,
		  const char **ret_what, struct profile **ret);
/* Stop, and what was counted. 0 or a negative errno. */
int profile_stop(struct profile *p, uint64_t *ret_runs,
		 struct profile_value values[static PROFILE_METRICS]);
void profile_free(struct profile *p);

#endif
