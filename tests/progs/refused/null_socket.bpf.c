// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: no socket may match. */
#include "refused.h"

SEC("tc") int by_socket(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;
	int verdict = TC_ACT_OK;

	tuple.ipv4.dport = bpf_htons(80);
	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);	/* CAUSE */
	if (sk->state == BPF_TCP_LISTEN)	/* CAUSE REFUSED */
		verdict = TC_ACT_SHOT;
	bpf_sk_release(sk);
	return verdict;
}

char _license[] SEC("license") = "GPL";
