// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Everything a dump may contain: helpers that the kernel replaces and keeps, map addresses and
 * values, subprograms with and without BTF linkage, callbacks, no kfuncs; prototypes of every
 * shape.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#ifndef NAME
#define NAME xl
#endif
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)

struct pair {
	__u64 a;
	int b[3];
};

typedef int (*action_t)(int, void *);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct pair);
} CAT(NAME, _hash) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} CAT(NAME, _tail) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} CAT(NAME, _percpu) SEC(".maps");

__u64 counter = 1, other;

static __noinline int sub_pair(struct pair *p, const volatile struct pair *q, const char *const *s)
{
	p->a += q ? q->a : (__u64)s;
	return (int)p->a;
}

static __noinline int sub_odd(int (*arr)[4], action_t act, enum bpf_map_type t, union bpf_attr *u)
{
	return (arr ? 1 : 2) + (act ? 3 : 4) + (int)t + (u ? 5 : 6) + (int)bpf_get_prandom_u32();
}

static __noinline long on_key(void *map, __u32 *key, struct pair *val, void *ctx)
{
	(void)map;
	(void)ctx;
	val->a += *key;
	return 0;
}

static __noinline void sub_void(void)
{
	__sync_fetch_and_add(&other, 3);
}

SEC("xdp")
int CAT(NAME, _main)(struct xdp_md *ctx)
{
	__u32 key = 1;
	struct pair local = {};
	struct pair *p = bpf_map_lookup_elem(&CAT(NAME, _hash), &key);
	__u64 *n = bpf_map_lookup_elem(&CAT(NAME, _percpu), &key);

	counter += ctx->data_end - ctx->data;
	if (n)
		*n += bpf_ktime_get_ns();
	if (p)
		local.b[1] = sub_pair(p, &local, 0);
	local.b[2] = sub_odd(0, 0, key, 0);
	bpf_map_update_elem(&CAT(NAME, _hash), &key, &local, BPF_ANY);
	bpf_for_each_map_elem(&CAT(NAME, _hash), on_key, 0, 0);
	sub_void();
	bpf_printk("main %d", local.b[2]);
	if (counter == 77)
		bpf_tail_call(ctx, &CAT(NAME, _tail), 0);
	return XDP_PASS;
}

SEC("socket")
int CAT(NAME, _nocall)(struct __sk_buff *skb)
{
	if (skb->len > 100)
		counter++;
	return 0;
}

char _license[] SEC("license") = "GPL";
