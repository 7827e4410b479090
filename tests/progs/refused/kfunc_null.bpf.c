// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 36: a task that may not exist is released. */
#include "refused.h"
#include "kernel.h"

struct task_struct *bpf_task_from_pid(int pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/sched_process_exec") int look(__u64 *ctx)
{
	struct task_struct *task;

	task = bpf_task_from_pid(1);	/* CAUSE */
	bpf_task_release(task);	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
