// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, source, pattern 46: a list of the kernel is walked to its end. */
#include "refused.h"
#include "kernel.h"

int depth;

SEC("raw_tp/sched_process_exec") int ancestors(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int pid = 0;

	do {
		bpf_probe_read_kernel(&task, sizeof(task), &task->real_parent);	/* REFUSED */
		bpf_probe_read_kernel(&pid, sizeof(pid), &task->pid);
	} while (pid > 1);	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
