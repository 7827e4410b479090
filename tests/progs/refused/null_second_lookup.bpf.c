// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 3: created when missing, then looked up again without a check. */
#include "refused.h"

HASH_MAP(calls, __u64, __u64);

SEC("raw_tp/sys_enter") int count(void *ctx)
{
	__u64 key = bpf_get_current_pid_tgid(), zero = 0, *n;

	n = bpf_map_lookup_elem(&calls, &key);
	if (!n) {
		bpf_map_update_elem(&calls, &key, &zero, BPF_NOEXIST);
		n = bpf_map_lookup_elem(&calls, &key);	/* CAUSE */
	}
	(*n)++;	/* REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
