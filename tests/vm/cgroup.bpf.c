// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs for cgroups, one of which hooks a function of the kernel, and an iterator over cgroups.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("lsm_cgroup/socket_bind")
int vm_cg_bind(void *ctx)
{
	return 1;
}

SEC("cgroup_skb/ingress")
int vm_cg_ingress(struct __sk_buff *skb)
{
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
