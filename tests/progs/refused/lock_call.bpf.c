// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Execution Context Safety, source, pattern 39: a helper is called while a lock is held. */
#include "refused.h"

struct state {
	struct bpf_spin_lock lock;
	__u64 last;
};

ARRAY_MAP(states, struct state, 1);

SEC("tc") int stamp(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct state *s = bpf_map_lookup_elem(&states, &key);

	if (!s)
		return TC_ACT_OK;
	bpf_spin_lock(&s->lock);	/* CAUSE */
	s->last = bpf_ktime_get_ns();	/* CAUSE REFUSED */
	bpf_spin_unlock(&s->lock);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
