// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 18: a pointer to a member of a packed struct. */
#include "refused.h"

struct message {
	__u8 kind;
	__u32 length;
	__u64 stamp;
} __attribute__((packed));

RING_MAP(messages);

static __attribute__((always_inline)) void set(__u64 *to, __u64 value)
{
	*to = value;	/* CAUSE REFUSED */
}

#pragma clang diagnostic ignored "-Waddress-of-packed-member"
SEC("tc") int tell(struct __sk_buff *skb)
{
	struct message m = { .kind = 1, .length = skb->len };

	set(&m.stamp, skb->tstamp);	/* CAUSE */
	bpf_ringbuf_output(&messages, &m, sizeof(m), 0);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
