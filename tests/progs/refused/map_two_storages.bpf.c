// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, limit, pattern 0: a program has one cgroup storage of a kind. */
#include "refused.h"

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} packets SEC(".maps"), bytes SEC(".maps");	/* CAUSE */

SEC("cgroup_skb/egress") int count(struct __sk_buff *skb)
{
	__u64 *n = bpf_get_local_storage(&packets, 0);
	__u64 *b = bpf_get_local_storage(&bytes, 0);	/* CAUSE */

	*n += 1;
	*b += skb->len;
	return 1;
}

char _license[] SEC("license") = "GPL";
