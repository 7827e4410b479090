// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 21: an array in the context is indexed by a variable. */
#include "refused.h"

SEC("tc") int pick(struct __sk_buff *skb)
{
	__u32 i = skb->mark & 3;

	return skb->cb[i] ? TC_ACT_SHOT : TC_ACT_OK;	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
