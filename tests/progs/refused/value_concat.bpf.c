// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 7: the length returned may be negative, and it is added up. */
#include "refused.h"
#include "kernel.h"

#define BUF 512

struct path {
	char text[BUF];
};

ARRAY_MAP(paths, struct path, 1);

SEC("tp/syscalls/sys_enter_openat") int join(struct trace_openat *ctx)
{
	__u32 key = 0;
	struct path *p = bpf_map_lookup_elem(&paths, &key);
	long n;

	if (!p)
		return 0;
	n = bpf_probe_read_user_str(p->text, 256, ctx->filename);
	n += bpf_probe_read_user_str(p->text + n, 256, ctx->filename);	/* CAUSE REFUSED */
	return n > 100;
}

char _license[] SEC("license") = "GPL";
