// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 9: as many bytes as the packet has. */
#include "refused.h"

__u8 copy[256];

SEC("tc") int keep_all(struct __sk_buff *skb)
{
	__u32 len = skb->len;	/* CAUSE */

	if (!len)
		return TC_ACT_OK;
	bpf_skb_load_bytes(skb, 0, copy, len);	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
