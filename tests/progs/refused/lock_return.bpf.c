// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 39: a return between lock and unlock. */
#include "refused.h"

struct bucket {
	struct bpf_spin_lock lock;
	__u64 tokens;
};

ARRAY_MAP(buckets, struct bucket, 16);

SEC("tc") int police(struct __sk_buff *skb)
{
	__u32 key = skb->queue_mapping & 15;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &key);

	if (!b)
		return TC_ACT_OK;
	bpf_spin_lock(&b->lock);	/* CAUSE */
	if (b->tokens < skb->len)
		return TC_ACT_SHOT;	/* CAUSE */
	b->tokens -= skb->len;
	bpf_spin_unlock(&b->lock);
	return TC_ACT_OK;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
