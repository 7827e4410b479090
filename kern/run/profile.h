/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The cost of a program's runs: by counters that two programs of ours read before and after each
 * (bpf/profile.bpf.c), or, if these cannot be loaded, by the kernel's own statistics.
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
	uint64_t enabled, running;	/* ns the counter was enabled, and was running */
};

struct profile;

/*
 * Starts n <= PROFILE_METRICS counters on every CPU, for the kernel only. Returns 0 or a negative
 * errno, and then in *ret_what what failed. Reports nothing.
 */
int profile_start(int prog_fd, const struct profile_counter *counters, size_t n,
		  const char **ret_what, struct profile **ret);
/* Stops counting and reads the counters. Returns 0 or a negative errno. */
int profile_stop(struct profile *p, uint64_t *ret_runs,
		 struct profile_value values[static PROFILE_METRICS]);
void profile_free(struct profile *p);

#endif
