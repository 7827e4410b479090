// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The walkthrough's program: XDP that counts packets in the only slot of an array.
 *
 *   clang -O2 -target bpf -c counter.c -o counter_nobtf.o		map defined the legacy way
 *   clang -O2 -target bpf -c counter.c -o counter_btf.o -g -D BTF	map defined in BTF
 *
 * No headers: <linux/bpf.h> wants <asm/types.h>, which distributions keep in a directory that
 * -target bpf does not search.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))

enum { MAP_TYPE_ARRAY = 2 };
enum { XDP_PASS = 2 };

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;

struct counter {
	u64 packets;
};

#ifdef BTF
struct {
	int (*type)[MAP_TYPE_ARRAY];
	u32 *key;
	struct counter *value;
	int (*max_entries)[1];
} counter_map SEC(".maps");
#else
struct bpf_map_def {
	u32 type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def counter_map SEC("maps") = {
	.type = MAP_TYPE_ARRAY,
	.key_size = sizeof(u32),
	.value_size = sizeof(struct counter),
	.max_entries = 1,
};
#endif

SEC("xdp") int counter(void *ctx)
{
	struct counter *c;
	u32 key = 0;

	c = map_lookup_elem(&counter_map, &key);
	if (c)
		__sync_fetch_and_add(&c->packets, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
