// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Execution Context Safety, source, pattern 40: bpf_copy_from_user() sleeps, this program may not. */
#include "refused.h"
#include "kernel.h"

SEC("tp/syscalls/sys_enter_openat") int name_now(struct trace_openat *ctx)
{
	char name[16] = {};

	bpf_copy_from_user(name, sizeof(name), ctx->filename);	/* CAUSE REFUSED */
	return name[0] == '/';
}

char _license[] SEC("license") = "GPL";
