// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 11: clamped from above only. */
#include "refused.h"

struct sample {
	__u32 len;
	__u8 bytes[128];
};

RING_MAP(samples);

SEC("tc") int take(struct __sk_buff *skb)
{
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(*s), 0);
	__u32 len = skb->len;

	if (!s)
		return TC_ACT_OK;
	if (len > sizeof(s->bytes))	/* CAUSE */
		len = sizeof(s->bytes);
	s->len = len;
	bpf_skb_load_bytes(skb, 0, s->bytes, len);	/* REFUSED */
	bpf_ringbuf_submit(s, 0);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
