// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 38: the iterator is not destroyed on one way out. */
#include "refused.h"

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

SEC("tc") int find(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 100);	/* CAUSE */
	while ((i = bpf_iter_num_next(&it))) {
		if (*i * *i == (int)skb->mark)
			return TC_ACT_SHOT;	/* CAUSE */
	}
	bpf_iter_num_destroy(&it);
	return TC_ACT_OK;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
