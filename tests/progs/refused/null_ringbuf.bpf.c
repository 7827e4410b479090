// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: the ring buffer may be full. */
#include "refused.h"

struct event {
	__u64 when;
	__u32 pid;
};

RING_MAP(events);

SEC("raw_tp/sched_process_exit") int on_exit(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);	/* CAUSE */

	e->when = bpf_ktime_get_ns();	/* REFUSED */
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
