// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Probes of maps: the smallest map of each type, and the batch operations of such a map. */
#include <errno.h>
#include <sys/syscall.h>

#include <linux/bpf.h>

#include "kern/abi.h"
#include "kern/probe/probe.h"

static int create(union bpf_attr *attr)
{
	int fd = syscall(__NR_bpf, BPF_MAP_CREATE, attr, sizeof(*attr));

	return fd < 0 ? -errno : fd;
}

/* Maps that belong to other objects: no limit of entries, and types for what they contain. */
static void local_storage(const struct probe *p, union bpf_attr *attr)
{
	attr->max_entries = 0;
	attr->map_flags = BPF_F_NO_PREALLOC;
	attr->btf_fd = p->btf_fd >= 0 ? p->btf_fd : 0;
	attr->btf_key_type_id = attr->btf_value_type_id = 1;
}

static void shape_by_type(const struct probe *p, union bpf_attr *attr)
{
	switch (attr->map_type) {
	case BPF_MAP_TYPE_STACK_TRACE:
		attr->value_size = 8;
		break;
	case BPF_MAP_TYPE_LPM_TRIE:
		attr->key_size = attr->value_size = 8;
		attr->map_flags = BPF_F_NO_PREALLOC;
		break;
	case BPF_MAP_TYPE_CGROUP_STORAGE:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		attr->key_size = sizeof(struct bpf_cgroup_storage_key);
		attr->value_size = 8;
		attr->max_entries = 0;
		break;
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
		attr->key_size = 0;
		break;
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_USER_RINGBUF:
		attr->key_size = attr->value_size = 0;
		attr->max_entries = sysconf(_SC_PAGESIZE);
		break;
	case BPF_MAP_TYPE_STRUCT_OPS:
		attr->btf_vmlinux_value_type_id =
			1; /* no such table: a distinct error */
		break;
	case ABI_MAP_TYPE_ARENA:
		attr->key_size = attr->value_size = 0;
		attr->map_flags = BPF_F_MMAPABLE;
		break;
	case ABI_MAP_TYPE_INSN_ARRAY:
		attr->value_size = 16;
		break;
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case ABI_MAP_TYPE_CGRP_STORAGE:
		local_storage(p, attr);
		break;
	}
}

/* An owned fd, or a negative errno. */
static int create_smallest(const struct probe *p, uint32_t type)
{
	union bpf_attr attr = {
		.map_type = type, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	union bpf_attr inner = {
		.map_type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	bool holds_maps = type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
	auto_close int inner_fd = -1;
	int fd;

	attr.map_ifindex = p->ifindex;
	if (holds_maps) {
		inner_fd = create(&inner);
		if (inner_fd < 0)
			return inner_fd;
		attr.inner_map_fd = inner_fd;
	}
	shape_by_type(p, &attr);
	if (attr.btf_key_type_id && probe_failed(p->btf_fd))
		return p->btf_fd;
	fd = create(&attr);
	if (fd != -EINVAL || type <= ABI_MAP_TYPE_ARENA)
		return fd;
	/* Unknown types: they may require BPF_F_NO_PREALLOC. */
	attr.map_flags = BPF_F_NO_PREALLOC;
	return create(&attr);
}

enum probe_state probe_map(const struct probe *p, uint32_t type)
{
	auto_close int fd = create_smallest(p, type);

	if (fd >= 0 || (fd == -ABI_ENOTSUPP && type == BPF_MAP_TYPE_STRUCT_OPS))
		return PROBE_THERE;
	probe_note(p, fd);
	if (fd != -EPERM && fd != -EACCES)
		return probe_failed(fd) ? PROBE_UNKNOWN : PROBE_ABSENT;
	return probe_enum(p, "bpf_map_type", type) == PROBE_ABSENT ? PROBE_ABSENT : PROBE_DENIED;
}

unsigned int probe_batch_ops(const struct probe *p, uint32_t type, int *ret_err)
{
	static const int cmds[N_PROBE_BATCH] = {
		[PROBE_LOOKUP] = BPF_MAP_LOOKUP_BATCH,
		[PROBE_LOOKUP_DELETE] = BPF_MAP_LOOKUP_AND_DELETE_BATCH,
		[PROBE_UPDATE] = BPF_MAP_UPDATE_BATCH,
		[PROBE_DELETE] = BPF_MAP_DELETE_BATCH,
	};
	auto_close int fd = create_smallest(p, type);
	unsigned int have = 0;

	if (fd < 0 && probe_failed(fd))
		*ret_err = fd;
	for (int i = 0; fd >= 0 && i < N_PROBE_BATCH; i++) {
		union bpf_attr attr = { .batch.map_fd = fd };

		/* The request is empty, so supported operations have nothing to do. */
		if (!syscall(__NR_bpf, cmds[i], &attr, sizeof(attr)))
			have |= 1U << i;
		else if (probe_failed(-errno))
			*ret_err = -errno;
	}
	return have;
}
