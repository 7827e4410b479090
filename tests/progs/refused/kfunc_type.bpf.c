// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 35: a kfunc for tracing in XDP. */
#include "refused.h"

struct bpf_cpumask {
	int usage;
} __attribute__((preserve_access_index));

struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
void bpf_cpumask_release(struct bpf_cpumask *mask) __ksym;

SEC("xdp") int cpus(struct xdp_md *ctx)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();	/* CAUSE REFUSED */

	if (mask)
		bpf_cpumask_release(mask);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
