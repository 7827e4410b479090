// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One iterator: -D TASK, MAP_ELEM, CGROUP or BYTES (task, prints bytes that are not text and no
 * newline); or with -D NONE no iterator.
 */
#include "prelude.h"

struct seq_file;
static long (*const seq_printf)(struct seq_file *seq, const char *fmt, u32 len, const void *data,
				u32 data_len) = (void *)126;
static long (*const seq_write)(struct seq_file *seq, const void *data, u32 len) = (void *)127;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid, tgid;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

struct bpf_map;
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key, *value;
} __attribute__((preserve_access_index));

struct kernfs_node {
	u64 id;
} __attribute__((preserve_access_index));

struct cgroup {
	struct kernfs_node *kn;
} __attribute__((preserve_access_index));

struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));

#ifdef TASK
SEC("iter/task") int NAME(_task)(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	static const char fmt[] = "%d %d \"\t\n";
	u64 args[2];

	if (!task)
		return 0;
	args[0] = task->tgid;
	args[1] = task->pid;
	seq_printf(ctx->meta->seq, fmt, sizeof(fmt), args, sizeof(args));
	return 0;
}
#endif

#ifdef BYTES
SEC("iter/task") int NAME(_bytes)(struct bpf_iter__task *ctx)
{
	static const char bytes[] = { 1, 0, 0xff, 'x' };

	if (ctx->task)
		seq_write(ctx->meta->seq, bytes, sizeof(bytes));
	return 0;
}
#endif

#ifdef MAP_ELEM
SEC("iter/bpf_map_elem") int NAME(_elem)(struct bpf_iter__bpf_map_elem *ctx)
{
	static const char fmt[] = "%u=%u\n";
	u64 args[2];
	u32 *key = ctx->key, *value = ctx->value;

	if (!key || !value)
		return 0;
	args[0] = *key;
	args[1] = *value;
	seq_printf(ctx->meta->seq, fmt, sizeof(fmt), args, sizeof(args));
	return 0;
}
#endif

#ifdef CGROUP
SEC("iter/cgroup") int NAME(_cgroup)(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgroup = ctx->cgroup;
	static const char fmt[] = "%llu\n";
	u64 id;

	if (!cgroup)
		return 0;
	id = cgroup->kn->id;
	seq_printf(ctx->meta->seq, fmt, sizeof(fmt), &id, sizeof(id));
	return 0;
}
#endif

#ifdef NONE
SEC("socket") int NAME(_none)(void *ctx)
{
	return 0;
}
#endif

char _license[] SEC("license") = "GPL";
