// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 6: a signed length with an upper limit may be below zero. */
#include "refused.h"
#include "kernel.h"

struct chunk {
	char bytes[256];
};

ARRAY_MAP(chunks, struct chunk, 1);

SEC("kprobe/vfs_read") int on_read(struct pt_regs *ctx)
{
	__u32 key = 0;
	struct chunk *c = bpf_map_lookup_elem(&chunks, &key);
	long len = ctx->dx;

	if (!c)
		return 0;
	if (len > (long)sizeof(c->bytes))	/* CAUSE */
		len = sizeof(c->bytes);
	bpf_probe_read_user(c->bytes, len, (void *)ctx->si);	/* REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
