// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 4: more bytes are written than the value has after this offset. */
#include "refused.h"

struct record {
	__u64 when;
	char comm[8];
};

ARRAY_MAP(records, struct record, 8);

SEC("raw_tp/sched_process_exec") int name_it(void *ctx)
{
	__u32 key = 3;
	struct record *r = bpf_map_lookup_elem(&records, &key);

	if (!r)
		return 0;
	r->when = bpf_ktime_get_ns();
	bpf_get_current_comm(r->comm, 16);	/* CAUSE REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
