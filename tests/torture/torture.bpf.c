// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* One of most things, for the environment of make torture: small, so that a run is fast. */
#include "../progs/prelude.h"

struct value {
	u64 n;
	int delta;
	enum { QUIET, LOUD = 3 } mood;
	char name[8];
};

struct event {
	u32 number, pad;
	u64 size;
};

#define MAP(name, kind, key_type, value_type, entries)						\
struct {											\
	int (*type)[kind];									\
	int (*max_entries)[entries];								\
	key_type *key;										\
	value_type *value;									\
} NAME(name) SEC(".maps")

MAP(_hash, 1, u32, struct value, 16);
MAP(_copy, 1, u32, struct value, 16);
MAP(_slots, 2, u32, u64, 8);
MAP(_cpus, 6, u32, u64, 2);
struct {
	int (*type)[22];
	int (*max_entries)[4];
	u32 *value;
} NAME(_queue) SEC(".maps");
struct {
	int (*type)[27];
	int (*max_entries)[4096];
} NAME(_ring) SEC(".maps");
struct {
	int (*type)[15];
	int (*max_entries)[4];
	int (*key_size)[4];
	int (*value_size)[4];
} NAME(_socks) SEC(".maps");

static long (*const ringbuf_output)(void *map, const void *data, u64 size, u64 flags) = (void *)130;
static long (*const peek)(void *map, void *value) = (void *)89;
static void *(*const lookup)(void *map, const void *key) = (void *)1;

struct xdp_md {
	u32 data, data_end;
};

const volatile int limit = 7;
int hits;

SEC("xdp") int NAME(_xdp)(struct xdp_md *ctx)
{
	u32 key = 1;
	struct value *v = lookup(&NAME(_hash), &key);

	if (v)
		v->n++;
	hits += limit;
	return 2;
}

SEC("tc") int NAME(_tc)(void *ctx)
{
	return -1;
}

SEC("cgroup_skb/egress") int NAME(_egress)(void *ctx)
{
	return 1;
}

SEC("raw_tp/task_rename") int NAME(_raw)(u64 *ctx)
{
	struct event e = { 7, 0, ctx[0] };

	ringbuf_output(&NAME(_ring), &e, sizeof(e), 0);
	return 0;
}

SEC("sk_skb") int NAME(_verdict)(void *ctx)
{
	u32 key = 0;

	return peek(&NAME(_queue), &key) || lookup(&NAME(_cpus), &key) ||
	       lookup(&NAME(_slots), &key) || lookup(&NAME(_copy), &key);
}

char _license[] SEC("license") = "GPL";
