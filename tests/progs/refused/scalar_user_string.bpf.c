// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: the file name is in the memory of the process. */
#include "refused.h"
#include "kernel.h"

__u64 absolute;

SEC("tp/syscalls/sys_enter_openat") int on_open(struct trace_openat *ctx)
{
	const char *name = ctx->filename;

	if (name[0] == '/')	/* CAUSE REFUSED */
		absolute++;
	return 0;
}

char _license[] SEC("license") = "GPL";
