// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 50: a number goes where a global function wants memory. */
#include "refused.h"

struct header {
	__u32 kind;
	__u32 pid;
};

__attribute__((noinline)) int kind_of(struct header *h)
{
	return h ? h->kind : 0;
}

SEC("raw_tp/sched_process_exec") int on_exec(void *ctx)
{
	struct header *h = (void *)bpf_get_current_task();	/* CAUSE */

	return kind_of(h);	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
