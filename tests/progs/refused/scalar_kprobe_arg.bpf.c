// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Register Type Safety, source, pattern 2: an argument of the probed function is a number. */
#include "refused.h"
#include "kernel.h"

HASH_MAP(sizes, __u32, __u64);

SEC("kprobe/kfree_skb") int on_free(struct pt_regs *ctx)
{
	struct sk_buff *skb = (void *)ctx->di;
	__u64 one = 1;
	__u32 len;

	len = skb->len;	/* CAUSE REFUSED */
	bpf_map_update_elem(&sizes, &len, &one, BPF_ANY);
	return 0;
}

char _license[] SEC("license") = "GPL";
