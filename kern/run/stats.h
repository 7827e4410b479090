/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Run statistics of programs: number and duration of runs. The kernel counts only on request. */
#ifndef KERN_RUN_STATS_H
#define KERN_RUN_STATS_H

#include "kern/object/obj.h"

struct run_stat {
	uint32_t id, type;
	uint8_t tag[BPF_TAG_SIZE];
	uint64_t run_cnt, run_time_ns, recursion_misses;
	uint64_t at_ns;			/* when it was read, CLOCK_MONOTONIC */
	uint64_t load_time_ns;		/* since boot */
	uint64_t memlock;		/* bytes; 0: not requested, or not reported */
	char name[OBJ_NAME_MAX];	/* untrusted */
};

struct run_stats {
	struct run_stat *all;		/* owned; by id */
	size_t n, max;
};

#define auto_run_stats __attribute__((cleanup(run_stats_free)))
void run_stats_free(struct run_stats *s);

enum run_stats_flags {
	RUN_STATS_MEMORY = 1 << 0,	/* also memlock: a file in /proc for each program */
};

/*
 * All programs. Returns 0, or the error is stored. Programs that are unloaded meanwhile are left
 * out.
 */
int run_stats_read(struct ctx *ctx, unsigned int flags, struct run_stats *ret);

/* The one with this id, or NULL. */
const struct run_stat *run_stats_find(const struct run_stats *s, uint32_t id);

/*
 * Makes the kernel count until *ret_fd is closed; other users are not affected. Needs Linux 5.8.
 * Returns 0, or the error is stored.
 */
int run_stats_start(struct ctx *ctx, int *ret_fd);

#endif
