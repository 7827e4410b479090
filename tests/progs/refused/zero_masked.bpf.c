// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 11: a mask keeps the length below 64, and allows 0. */
#include "refused.h"

char head[64];

SEC("tc") int copy_head(struct __sk_buff *skb)
{
	__u32 len = skb->len;

	len &= sizeof(head) - 1;	/* CAUSE */
	if (bpf_skb_load_bytes(skb, 0, head, len))	/* REFUSED */
		return TC_ACT_OK;
	return head[0] == 0x45 ? TC_ACT_SHOT : TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
