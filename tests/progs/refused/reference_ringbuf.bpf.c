// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 38: an event is neither submitted nor discarded. */
#include "refused.h"

struct event {
	__u64 pid_tgid;
	char comm[16];
};

RING_MAP(events);

SEC("raw_tp/sched_process_exec") int on_exec(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);	/* CAUSE */

	if (!e)
		return 0;
	e->pid_tgid = bpf_get_current_pid_tgid();
	if (bpf_get_current_comm(e->comm, sizeof(e->comm)))
		return 0;	/* CAUSE */
	bpf_ringbuf_submit(e, 0);
	return 0;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
