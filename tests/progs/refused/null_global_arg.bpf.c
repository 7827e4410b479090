// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: a global function does not know that its argument is not NULL. */
#include "refused.h"

struct counts {
	__u64 packets;
	__u64 bytes;
};

ARRAY_MAP(totals, struct counts, 1);

__attribute__((noinline)) int add(struct counts *c, int len)	/* CAUSE */
{
	c->packets++;	/* REFUSED */
	c->bytes += len;
	return 0;
}

SEC("tc") int count(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct counts *c = bpf_map_lookup_elem(&totals, &key);

	return c ? add(c, skb->len) : TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
