// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The number of entries in a map. The kernel does not report it, so they are counted, in batches;
 * if that is not possible there is a reason.
 */
#include <errno.h>

#include "kern/abi.h"
#include "kern/map/count.h"

/* Types without a walk, and those whose entries always exist. */
static const struct {
	uint32_t type;
	const char *why;
} uncountable[] = {
	{ BPF_MAP_TYPE_ARRAY, "array entries always exist" },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, "array entries always exist" },
	{ BPF_MAP_TYPE_STRUCT_OPS, "it has one entry" },
	{ BPF_MAP_TYPE_QUEUE, "a queue does not report how many values it holds" },
	{ BPF_MAP_TYPE_STACK, "a stack does not report how many values it holds" },
	{ BPF_MAP_TYPE_BLOOM_FILTER, "a bloom filter cannot list its values" },
	{ BPF_MAP_TYPE_RINGBUF, "a ring buffer is a stream of records" },
	{ BPF_MAP_TYPE_USER_RINGBUF, "a ring buffer is a stream of records" },
	{ BPF_MAP_TYPE_SK_STORAGE, "its values are attached to sockets" },
	{ BPF_MAP_TYPE_INODE_STORAGE, "its values are attached to inodes" },
	{ BPF_MAP_TYPE_TASK_STORAGE, "its values are attached to tasks" },
	{ ABI_MAP_TYPE_CGRP_STORAGE, "its values are attached to cgroups" },
	{ ABI_MAP_TYPE_ARENA, "an arena has no entries" },
};

static const char *why_uncountable(uint32_t type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(uncountable); i++)
		if (uncountable[i].type == type)
			return uncountable[i].why;
	return NULL;
}

/* State of the current run; NULL for state in the map. */
static const char *why_not(const struct map_shape *s, int err)
{
	if (err == -EPERM && s->info.map_flags & BPF_F_WRONLY)
		return "reading it is not permitted";
	switch (err) {
	case -EAGAIN:
		return "it changes faster than it can be counted";
	case -EOPNOTSUPP:
	case -ABI_ENOTSUPP:
	case -EINVAL:
		return "its entries cannot be listed";
	default:
		return NULL;
	}
}

static int walk(int fd, const struct map_shape *s, uint64_t *ret)
{
	auto_reader struct map_reader *r = NULL;
	struct map_chunk c;
	uint64_t n = 0;
	size_t i;
	int err = map_reader_new(fd, s, &r);

	while (!err && (err = map_reader_next(r, &c)) > 0) {
		for (i = 0; i < c.n; i++)
			n += c.errs[i] != -ENOENT;
		err = 0;
	}
	*ret = n;
	return err;
}

int map_count(int fd, const struct map_shape *s, uint64_t *ret_entries, const char **ret_why)
{
	uint64_t n = 0;
	int err;

	*ret_why = why_uncountable(s->info.type);
	if (*ret_why)
		return -EOPNOTSUPP;
	err = walk(fd, s, &n);
	if (err) {
		*ret_why = why_not(s, err);
		return err;
	}
	*ret_entries = n;
	return 0;
}
