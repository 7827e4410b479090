// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Resource Lifetime Safety, source, pattern 38: when the reserved record cannot be had, it must still be discarded. */
#include "refused.h"

RING_MAP(records);

SEC("raw_tp/sys_enter") int record(void *ctx)
{
	struct bpf_dynptr ptr;
	__u64 *when;

	bpf_ringbuf_reserve_dynptr(&records, 64, 0, &ptr);	/* CAUSE */
	when = bpf_dynptr_data(&ptr, 0, sizeof(*when));
	if (!when)
		return 0;	/* CAUSE */
	*when = bpf_ktime_get_ns();
	bpf_ringbuf_submit_dynptr(&ptr, 0);
	return 0;
}	/* REFUSED */

char _license[] SEC("license") = "GPL";
