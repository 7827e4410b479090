// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Program Structure, limit, pattern 47: nine calls deep. */
#include "refused.h"

#define LEVEL(name, next)						\
	static __attribute__((noinline)) int name(struct __sk_buff *skb) \
	{								\
		return next(skb) + skb->mark;				\
	}

static __attribute__((noinline)) int level9(struct __sk_buff *skb)
{
	return skb->len;
}

LEVEL(level8, level9)	/* REFUSED */
LEVEL(level7, level8)	/* REFUSED */
LEVEL(level6, level7)
LEVEL(level5, level6)
LEVEL(level4, level5)
LEVEL(level3, level4)
LEVEL(level2, level3)
LEVEL(level1, level2)	/* CAUSE */

SEC("tc") int deep(struct __sk_buff *skb)
{
	return level1(skb);	/* CAUSE */
}

char _license[] SEC("license") = "GPL";
