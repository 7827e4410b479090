// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 12: an outer map may have no map at this key. */
#include "refused.h"

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps");

SEC("xdp") int nested(struct xdp_md *ctx)
{
	__u32 slot = 1, key = ctx->ingress_ifindex;
	void *inner = bpf_map_lookup_elem(&outer, &slot);	/* CAUSE */
	__u64 *n = bpf_map_lookup_elem(inner, &key);	/* REFUSED */

	return n && *n ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
