// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 18: eight bytes are read at an odd place of a buffer of bytes. */
#include "refused.h"

__u64 id;

SEC("tc") int read_id(struct __sk_buff *skb)
{
	char head[32] = {};

	if (bpf_skb_load_bytes(skb, 0, head, sizeof(head)))
		return TC_ACT_OK;
	id = *(__u64 *)(head + 3);	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
