// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 19: the length of a packet cannot be set. */
#include "refused.h"

SEC("tc") int cut(struct __sk_buff *skb)
{
	if (skb->len > 128)
		skb->len = 128;	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
