// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Policy, environment, pattern 28: an address is stored in a map without CAP_PERFMON. */
/* CAPS=none */
#include "refused.h"

HASH_MAP(addresses, __u32, __u64);

SEC("tc") int keep_address(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u64 *v = bpf_map_lookup_elem(&addresses, &key);

	if (v)
		*v = (__u64)skb;	/* CAUSE REFUSED */
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
