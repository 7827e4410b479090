/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The values of some CPUs in a per-CPU map. Reports nothing. */
#ifndef KERN_MAP_CPU_H
#define KERN_MAP_CPU_H

#include "kern/map/io.h"

struct map_cpus {
	const void *key;
	uint8_t *values;		/* value_len: each CPU's in its place */
	const bool *given;		/* n_cpus of them: which are meant */
	uint64_t flags;			/* BPF_ANY, BPF_NOEXIST, BPF_EXIST */
};

/*
 * Write the values of the CPUs that are given and leave the others as they are; in a new entry
 * these are 0. Kernels before 7.0 write the values of all CPUs or none: there the others are read
 * and written back, so what programs change in between is lost, and *ret_rewrote becomes true. 0 or
 * a negative errno.
 */
int map_cpus_update(int fd, const struct map_shape *s, const struct map_cpus *c, bool *ret_rewrote);

/* The value of one CPU into its place in values (value_len), where all else may change. 0 or a
 * negative errno. */
int map_cpu_lookup(int fd, const struct map_shape *s, const void *key, uint32_t cpu,
		   uint8_t *values);

#endif
