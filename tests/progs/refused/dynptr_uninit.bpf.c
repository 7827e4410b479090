// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 41: a dynptr is read before it is made. */
#include "refused.h"

SEC("raw_tp/sys_enter") int read_dynptr(void *ctx)
{
	struct bpf_dynptr ptr;	/* CAUSE */
	__u64 value = 0;

	bpf_dynptr_read(&value, sizeof(value), &ptr, 0, 0);	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
