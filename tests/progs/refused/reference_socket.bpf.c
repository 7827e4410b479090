// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 38: an early return keeps the socket. */
#include "refused.h"

SEC("tc") int listens(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;

	tuple.ipv4.dport = bpf_htons(443);
	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);	/* CAUSE */
	if (!sk)
		return TC_ACT_OK;
	if (sk->state != BPF_TCP_LISTEN)
		return TC_ACT_OK;	/* CAUSE */
	skb->mark = 1;
	bpf_sk_release(sk);
	return TC_ACT_OK;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
