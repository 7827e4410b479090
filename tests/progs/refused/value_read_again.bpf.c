// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Memory Safety, source, pattern 10: checked, and read again from the map after a helper. */
#include "refused.h"

struct line {
	__u32 len;
	char text[64];
};

ARRAY_MAP(lines, struct line, 1);

SEC("raw_tp/sys_enter") int append(void *ctx)
{
	__u32 key = 0;
	struct line *l = bpf_map_lookup_elem(&lines, &key);
	char c;

	if (!l || l->len >= sizeof(l->text))
		return 0;
	c = 'a' + bpf_get_prandom_u32() % 26;
	l->text[l->len] = c;	/* CAUSE REFUSED */
	l->len++;
	return 0;
}

char _license[] SEC("license") = "GPL";
