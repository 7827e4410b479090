/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Contents of maps: the format of an entry in user space, and reading all entries.
 *
 * Reading is batched if the kernel supports it (5.6 and later, by type), else key by key. An entry
 * that stays in the map while it is read is returned exactly once, whatever happens to others;
 * single operations are libbpf's bpf_map_*_elem() with these sizes.
 */
#ifndef KERN_MAP_IO_H
#define KERN_MAP_IO_H

#include "kern/object/obj.h"

struct map_shape {
	struct bpf_map_info info;
	bool per_cpu;
	uint32_t n_cpus;		/* possible CPUs of a per-CPU map, else 1 */
	size_t cpu_stride;		/* from one CPU's value to the next */
	size_t value_len;		/* length of a lookup's result: the values of all CPUs */
};

/* Returns 0 or a negative errno. Reports nothing. */
int map_shape_read(int fd, struct map_shape *ret);

/* Maps whose values are ids of programs, or of maps. Their entries may be empty. */
bool map_holds_maps(uint32_t type);

struct map_reader;

struct map_chunk {
	size_t n;
	const uint8_t *keys;		/* n of info.key_size */
	uint8_t *values;		/* n of value_len; the caller may change them */
	const int *errs;		/* why a value could not be read (negative errno), or 0 */
};

/* fd and shape must outlive the reader. Returns 0 or -ENOMEM. */
int map_reader_new(int fd, const struct map_shape *shape, struct map_reader **ret);
void map_reader_free(struct map_reader *r);

/*
 * The next entries: returns 1 and at least one of them (valid until the next call), 0 at the end,
 * or a negative errno. -EAGAIN: keys are deleted faster than they can be read.
 */
int map_reader_next(struct map_reader *r, struct map_chunk *ret);

#define auto_reader __attribute__((cleanup(cleanup_reader)))

static inline void cleanup_reader(struct map_reader **r)
{
	map_reader_free(*r);
}

#endif
