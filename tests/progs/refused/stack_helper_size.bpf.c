// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 15: the helper may write more than the buffer has. */
#include "refused.h"
#include "kernel.h"

SEC("tp/syscalls/sys_enter_openat") int names(struct trace_openat *ctx)
{
	char name[32];

	bpf_probe_read_user_str(name, 64, ctx->filename);	/* CAUSE REFUSED */
	bpf_printk("%s", name);
	return 0;
}

char _license[] SEC("license") = "GPL";
