// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, source, pattern 49: a number from a map is the verdict. */
#include "refused.h"

HASH_MAP(verdicts, __u32, __u32);

SEC("cgroup_skb/ingress") int filter(struct __sk_buff *skb)
{
	__u32 key = skb->remote_ip4;
	__u32 *verdict = bpf_map_lookup_elem(&verdicts, &key);

	if (!verdict)
		return 1;
	return *verdict;	/* CAUSE */
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
