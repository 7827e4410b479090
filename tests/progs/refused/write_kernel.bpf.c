// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 31: a member of a kernel object is written. */
#include "refused.h"
#include "kernel.h"

SEC("tp_btf/sched_process_exec") int set_flags(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	task->flags = 1;	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
