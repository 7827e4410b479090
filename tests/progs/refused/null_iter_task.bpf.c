// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: at the end of an iterator the object is NULL. */
#include "refused.h"
#include "kernel.h"

int n_init;

SEC("iter/task") int count_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;	/* CAUSE */

	if (task->tgid == 1)	/* REFUSED */
		n_init++;
	return 0;
}

char _license[] SEC("license") = "GPL";
