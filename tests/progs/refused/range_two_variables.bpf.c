// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 8: offset and length each fit, their sum does not. */
#include "refused.h"

struct stream {
	char bytes[512];
};

ARRAY_MAP(streams, struct stream, 1);

SEC("tc") int gather(struct __sk_buff *skb)
{
	__u32 key = 0, off = skb->mark & 511, len = skb->len & 255;
	struct stream *s = bpf_map_lookup_elem(&streams, &key);

	if (!s || !len)	/* CAUSE */
		return TC_ACT_OK;
	bpf_skb_load_bytes(skb, 0, s->bytes + off, len);	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
