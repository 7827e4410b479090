// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 5: after a call the registers of arguments have no value. */
#include "refused.h"

int verdict;

SEC("xdp") int measure(struct xdp_md *ctx)
{
	register __u64 start asm("r3") = bpf_ktime_get_ns();
	__u64 end;

	asm volatile("r3 = %[start]\n"	/* REFUSED */
		     "call %[now]\n"	/* CAUSE */
		     "r0 -= r3\n"
		     "%[end] = r0"
		     : [end] "=r"(end) : [start] "r"(start), [now] "i"(BPF_FUNC_ktime_get_ns)
		     : "r0", "r1", "r2", "r4", "r5");
	verdict = end > 1000;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
