// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Execution Context Safety, source, pattern 40: a call that may sleep within an RCU section. */
#include "refused.h"

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

SEC("syscall") int fetch(void *ctx)
{
	__u64 value = 0;

	bpf_rcu_read_lock();	/* CAUSE */
	bpf_copy_from_user(&value, sizeof(value), (void *)0x1000);	/* CAUSE REFUSED */
	bpf_rcu_read_unlock();
	return value;
}

char _license[] SEC("license") = "GPL";
