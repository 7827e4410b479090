// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 42: an iterator is asked for its next before it is made. */
#include "refused.h"

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

int sum;

SEC("tc") int add_up(struct __sk_buff *skb)
{
	struct bpf_iter_num it = {};	/* CAUSE */
	int *i;

	while ((i = bpf_iter_num_next(&it)))	/* CAUSE REFUSED */
		sum += *i;
	bpf_iter_num_destroy(&it);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
