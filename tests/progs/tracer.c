// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs whose sections name an attach target, one of which reads a kernel struct by CO-RE, and
 * one without. -D NOPLACE: the tracepoint does not exist.
 */
#include "prelude.h"

static u64 (*const get_current_task)(void) = (void *)35;
static long (*const probe_read_kernel)(void *to, u32 len, const void *from) = (void *)113;

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

int last_tgid;

SEC("raw_tp/task_newtask") int NAME(_raw)(void *ctx)
{
	struct task_struct *task = (void *)get_current_task();

	probe_read_kernel(&last_tgid, sizeof(last_tgid), &task->tgid);
	return 0;
}

#ifdef NOPLACE
SEC("tp/nosuch/tracepoint")
#else
SEC("tp/task/task_newtask")
#endif
int NAME(_tp)(void *ctx)
{
	return 0;
}

SEC("socket") int NAME(_sock)(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
