/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The values of some CPUs in a per-CPU map. Reports nothing. */
#ifndef KERN_MAP_CPU_H
#define KERN_MAP_CPU_H

#include "kern/map/io.h"

struct map_cpus {
	const void *key;
	uint8_t *values;		/* value_len: each CPU's at its offset */
	const bool *given;		/* n_cpus of them: the selected CPUs */
	uint64_t flags;			/* BPF_ANY, BPF_NOEXIST, BPF_EXIST */
};

/*
 * Writes the values of the given CPUs and keeps the others; in a new entry these are 0. Kernels
 * before 7.0 write the values of all CPUs or none: there the others are read and written back, so
 * changes by programs in between are lost, and *ret_rewrote is set to true. Returns 0 or a negative
 * errno.
 */
int map_cpus_update(int fd, const struct map_shape *s, const struct map_cpus *c, bool *ret_rewrote);

/*
 * Reads the value of one CPU to its offset in values (value_len); the rest may change, too. Returns
 * 0 or a negative errno.
 */
int map_cpu_lookup(int fd, const struct map_shape *s, const void *key, uint32_t cpu,
		   uint8_t *values);

#endif
