// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Programs of several kinds, maps of several kinds. -D PINNED: shared_map is pinned by name. */
#include "prelude.h"

enum { MAP_TYPE_HASH = 1, MAP_TYPE_ARRAY = 2 };

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;

struct {
	int (*type)[MAP_TYPE_HASH];
	u32 *key;
	u64 *value;
	int (*max_entries)[16];
	int (*map_flags)[1];
} NAME(_hash) SEC(".maps");

struct {
	int (*type)[MAP_TYPE_ARRAY];
	u32 *key;
	u64 *value;
	int (*max_entries)[1];
#ifdef PINNED
	int (*pinning)[1];
#endif
} NAME(_shared) SEC(".maps");

const volatile u32 limit = 7;
u32 hits;

static __attribute__((noinline)) int count(void)
{
	u32 key = 0;
	u64 *v = map_lookup_elem(&NAME(_shared), &key);

	if (v)
		++*v;
	map_lookup_elem(&NAME(_hash), &key);
	return ++hits > limit;
}

SEC("xdp") int NAME(_x)(void *ctx)
{
	return count() ? 2 : 1;
}

SEC("classifier") int NAME(_t)(void *ctx)
{
	return count();
}

/* A section name that does not specify a type. */
#ifdef NAMELESS
SEC("nowhere")
#else
SEC("xdp")
#endif
int NAME(_with_a_name_beyond_15)(void *ctx)
{
	return count() ? 1 : 2;
}

char _license[] SEC("license") = "GPL";
