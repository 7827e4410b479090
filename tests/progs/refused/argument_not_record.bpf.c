// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Call Type Safety, source, pattern 12: what is submitted was not reserved. */
#include "refused.h"

struct event {
	__u64 when;
};

RING_MAP(events);

SEC("raw_tp/sys_exit") int on_exit(void *ctx)
{
	struct event e = { .when = bpf_ktime_get_ns() };

	bpf_ringbuf_submit(&e, 0);	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
