// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 6: the result of one helper, an error included, is a length. */
#include "refused.h"
#include "kernel.h"

struct event {
	__u32 pid;
	char name[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} pipe SEC(".maps");

SEC("tp/syscalls/sys_enter_openat") int report(struct trace_openat *ctx)
{
	struct event e = {};
	long n;

	n = bpf_probe_read_user_str(e.name, sizeof(e.name), ctx->filename);	/* CAUSE */
	bpf_perf_event_output(ctx, &pipe, BPF_F_CURRENT_CPU, &e,	/* REFUSED */
			      offsetof(struct event, name) + n);	/* CAUSE */
	return 0;
}

char _license[] SEC("license") = "GPL";
