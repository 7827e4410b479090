// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 13: a member is read that no path has written. */
/* CAPS=none */
#include "refused.h"

struct times {
	__u64 first;
	__u64 last;
};

__u64 span;

SEC("tc") int measure(struct __sk_buff *skb)
{
	volatile struct times t;	/* CAUSE */

	t.first = skb->tstamp;
	span = t.last - t.first;	/* REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
