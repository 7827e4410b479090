// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 19: a member is read with more than its width. */
#include "refused.h"

SEC("tc") int both_words(struct __sk_buff *skb)
{
	__u64 two = *(__u64 *)&skb->mark;	/* CAUSE REFUSED */

	return two ? TC_ACT_SHOT : TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
