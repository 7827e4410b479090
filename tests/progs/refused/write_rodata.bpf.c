// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 30: a constant of the object is written. */
#include "refused.h"

const volatile __u32 limit = 100;

SEC("tc") int adapt(struct __sk_buff *skb)
{
	if (skb->len > limit)
		*(volatile __u32 *)&limit = skb->len;	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
