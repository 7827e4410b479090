// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 29: this hook only reads packets. */
#include "refused.h"

SEC("cgroup_skb/egress") int set_ttl(struct __sk_buff *skb)
{
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = (void *)(long)skb->data;

	if ((void *)(ip + 1) > data_end)
		return 1;
	ip->ttl = 64;	/* CAUSE REFUSED */
	return 1;
}

char _license[] SEC("license") = "GPL";
