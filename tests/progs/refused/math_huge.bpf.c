// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 23: a constant offset beyond every object. */
#include "refused.h"

ARRAY_MAP(values, __u64, 4);

SEC("tc") int beyond(struct __sk_buff *skb)
{
	__u32 key = 1;
	char *v = bpf_map_lookup_elem(&values, &key);

	if (!v)
		return TC_ACT_OK;
	v += 0x40000000;	/* CAUSE REFUSED */
	barrier_var(v);
	return *v;
}

char _license[] SEC("license") = "GPL";
