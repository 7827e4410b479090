// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: a lookup may find nothing. */
#include "refused.h"

HASH_MAP(bytes_of, __u32, __u64);

SEC("tc") int account(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *bytes;

	bytes = bpf_map_lookup_elem(&bytes_of, &key);	/* CAUSE */
	*bytes += skb->len;	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
