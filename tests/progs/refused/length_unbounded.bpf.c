// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 6: the length comes from the program's input. */
#include "refused.h"
#include "kernel.h"

struct chunk {
	char bytes[1024];
};

ARRAY_MAP(chunks, struct chunk, 1);

SEC("kprobe/vfs_write") int on_write(struct pt_regs *ctx)
{
	__u32 key = 0;
	struct chunk *c = bpf_map_lookup_elem(&chunks, &key);
	__u32 len = ctx->dx;	/* CAUSE */

	if (!c)
		return 0;
	bpf_probe_read_user(c->bytes, len, (void *)ctx->si);	/* REFUSED */
	return 0;
}

char _license[] SEC("license") = "GPL";
