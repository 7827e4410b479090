// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 0: an array takes no events. */
#include "refused.h"

ARRAY_MAP(events, __u32, 128);

SEC("raw_tp/sched_process_exec") int on_exec(void *ctx)
{
	__u64 pid = bpf_get_current_pid_tgid();

	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &pid, sizeof(pid));	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
