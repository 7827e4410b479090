// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 51: the argument's type is declared, not defined. */
#include "refused.h"

struct options;

__attribute__((noinline)) int enabled(struct options *o, int i)	/* CAUSE REFUSED */
{
	return o ? i : 0;
}

SEC("tc") int check(struct __sk_buff *skb)
{
	return enabled((void *)0, skb->mark);	/* CAUSE REFUSED */
}

char _license[] SEC("license") = "GPL";
