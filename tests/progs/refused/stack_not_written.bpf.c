// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 14: padding of a key was never written. */
/* CAPS=none */
#include "refused.h"

struct key {
	__u8 proto;
	__u32 addr;
};

HASH_MAP(rules, struct key, __u32);

SEC("tc") int match(struct __sk_buff *skb)
{
	struct key k;	/* CAUSE */

	k.proto = skb->protocol;
	k.addr = skb->hash;
	return bpf_map_lookup_elem(&rules, &k) ? TC_ACT_SHOT : TC_ACT_OK;	/* REFUSED */
}

char _license[] SEC("license") = "GPL";
