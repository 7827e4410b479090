// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: bpf_get_current_task() returns a number. */
#include "refused.h"
#include "kernel.h"

int children;

SEC("raw_tp/sched_process_fork") int count_forks(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();	/* CAUSE */

	if (task->tgid == 1)	/* CAUSE REFUSED */
		children++;
	return 0;
}

char _license[] SEC("license") = "GPL";
