// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 39: an RCU section is still open at the end. */
#include "refused.h"
#include "kernel.h"

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

int parent_pid;

SEC("tp_btf/sched_process_exec") int parent(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0], *parent;

	bpf_rcu_read_lock();	/* CAUSE */
	parent = task->real_parent;
	if (!parent)
		return 0;	/* CAUSE */
	parent_pid = parent->pid;
	bpf_rcu_read_unlock();
	return 0;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
