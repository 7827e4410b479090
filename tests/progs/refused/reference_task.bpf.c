// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 38: a task is acquired and never released. */
#include "refused.h"
#include "kernel.h"

struct task_struct *bpf_task_from_pid(int pid) __ksym;

int init_flags;

SEC("tp_btf/sched_process_exec") int look(__u64 *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1);	/* CAUSE */

	if (task)
		init_flags = task->flags;
	return 0;	/* REFUSED */
}

char _license[] SEC("license") = "GPL";
