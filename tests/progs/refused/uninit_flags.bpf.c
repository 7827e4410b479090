// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 5: a variable without a value is an argument. */
#include "refused.h"

HASH_MAP(seen, __u32, __u32);

#pragma clang diagnostic ignored "-Wuninitialized"
SEC("tc") int remember(struct __sk_buff *skb)
{
	__u32 key = skb->hash;
	__u64 flags;	/* CAUSE */

	bpf_map_update_elem(&seen, &key, &key, flags);	/* REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
