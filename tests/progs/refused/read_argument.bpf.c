// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 19: the tracepoint has fewer arguments than are read. */
#include "refused.h"

__u64 sum;

SEC("tp_btf/sched_process_exit") int arguments(__u64 *ctx)
{
	sum += ctx[4];	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
