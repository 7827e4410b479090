// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, compiler, pattern 9: the check is made on a copy of the length. */
#include "refused.h"

__u8 copy[256];

SEC("tc") int keep_some(struct __sk_buff *skb)
{
	__u32 len = skb->len;
	__u32 checked = len * 2;

	barrier_var(checked);
	if (!len || checked > 2 * sizeof(copy))	/* CAUSE */
		return TC_ACT_OK;
	bpf_skb_load_bytes(skb, 0, copy, len);	/* REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
