// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 37: a pointer walked to is no longer trusted. */
#include "refused.h"
#include "kernel.h"

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/sched_process_exec") int parent(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0], *parent;

	parent = task->parent;	/* CAUSE */
	parent = bpf_task_acquire(parent);	/* CAUSE REFUSED */
	if (parent)
		bpf_task_release(parent);
	return 0;
}

char _license[] SEC("license") = "GPL";
