// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 43: a lock in a map whose value has no type. */
#include "refused.h"

struct state {
	struct bpf_spin_lock lock;
	__u64 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct state));	/* CAUSE */
} states SEC(".maps");

SEC("tc") int stamp(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct state *s = bpf_map_lookup_elem(&states, &key);

	if (!s)
		return TC_ACT_OK;
	bpf_spin_lock(&s->lock);	/* REFUSED */
	s->last = skb->tstamp;
	bpf_spin_unlock(&s->lock);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
