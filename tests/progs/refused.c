// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* A valid program and one that the verifier rejects: it uses a map's value without a NULL check. */
#include "prelude.h"

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;

struct {
	int (*type)[1];	/* a lookup in an array by a constant cannot fail */
	u32 *key;
	u64 *value;
#ifdef BADMAP
	int (*max_entries)[0];
#else
	int (*max_entries)[1];
#endif
} NAME(_map) SEC(".maps");

SEC("xdp") int NAME(_good)(void *ctx)
{
	return 2;
}

SEC("xdp") int NAME(_bad)(void *ctx)
{
	u32 key = 0;
	u64 *v = map_lookup_elem(&NAME(_map), &key);

#ifdef BADMAP
	return v ? 1 : 2;
#else
	return *v;
#endif
}

char _license[] SEC("license") = "GPL";
