// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Variants of legacy map definitions: default, the common 20 bytes, a global and two static maps;
 * -D IPROUTE, iproute2's 36 bytes with a map of maps; -D MIXED, also a BTF-defined map (needs -g);
 * -D BROKEN, a definition with unknown data at its end.
 */
#include "prelude.h"

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;

struct map_def {
	u32 type, key_size, value_size, max_entries, flags;
#if defined(IPROUTE)
	u32 id, pinning, inner_id, inner_idx;
#elif defined(BROKEN)
	u32 unknown[5];
#endif
};

struct map_def NAME(_one) SEC("maps") = {
	.type = 1, .key_size = 4, .value_size = 8, .max_entries = 100, .flags = 1,
#if defined(IPROUTE)
	.id = 5, .pinning = 2,
#elif defined(BROKEN)
	.unknown = { 0, 0, 0, 0, 3 },
#endif
};

#ifdef IPROUTE
struct map_def NAME(_outer) SEC("maps") = {
	.type = 12, .key_size = 4, .value_size = 4, .max_entries = 2, .inner_id = 5,
};
#else
static struct map_def NAME(_two) SEC("maps") = {
	.type = 2, .key_size = 4, .value_size = 16, .max_entries = 2,
};

static struct map_def NAME(_three) SEC("maps") = {
	.type = 2, .key_size = 4, .value_size = 32, .max_entries = 3,
};
#endif

#ifdef MIXED
struct {
	int (*type)[2];
	u32 *key;
	u64 *value;
	int (*max_entries)[4];
} NAME(_modern) SEC(".maps");
#endif

static __attribute__((always_inline)) int bump(void *map, u32 key)
{
	u64 *v = map_lookup_elem(map, &key);

	return v ? (int)++*v : 0;
}

SEC("xdp") int NAME(_prog)(void *ctx)
{
	int n = bump(&NAME(_one), 0);

#ifdef IPROUTE
	u32 key = 0;
	void *inner = map_lookup_elem(&NAME(_outer), &key);

	n += inner ? bump(inner, 0) : 0;
#else
	n += bump(&NAME(_two), 1) + bump(&NAME(_three), 2);
#endif
#ifdef MIXED
	n += bump(&NAME(_modern), 3);
#endif
	return n ? 2 : 1;
}

char _license[] SEC("license") = "GPL";
