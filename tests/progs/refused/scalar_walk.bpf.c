// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: a pointer that was read from the kernel is read through. */
#include "refused.h"
#include "kernel.h"

SEC("raw_tp/sched_process_exec") int on_exec(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *parent = NULL;

	bpf_probe_read_kernel(&parent, sizeof(parent), &task->real_parent);
	if (!parent)
		return 0;
	bpf_printk("parent %d", parent->tgid);	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
