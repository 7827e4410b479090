// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The object of a light skeleton: programs of all types that it can attach, some in one section,
 * one without autoload before one with, calls between functions, maps with and without variables.
 * -D NAME: a prefix.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long long);
} JOIN(NAME, _hash) SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
} JOIN(NAME, _in1) SEC(".maps"), JOIN(NAME, _in2) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, int);
	__array(values, struct inner);
} JOIN(NAME, _outer) SEC(".maps") = { .values = { &JOIN(NAME, _in1), &JOIN(NAME, _in2) } };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} JOIN(NAME, _pinned) SEC(".maps");

const volatile int pid = 0;
const volatile int step = 3;
long long first, second, typed, exits, visits;
long long *unused;
int start = 40;
int custom SEC(".data.custom") = 2;
char large[20000];
int found_inner;
int pkt_len;

static __attribute__((noinline)) int mine(void)
{
	return (int)(bpf_get_current_pid_tgid() >> 32) == pid;
}

static __attribute__((noinline)) int add(long long *n, int by)
{
	*n += by;
	return by;
}

SEC("raw_tp/sys_enter") int JOIN(NAME, _first)(void *ctx)
{
	int key = 7;

	if (!mine())
		return 0;
	add(&first, step);
	bpf_map_update_elem(&JOIN(NAME, _hash), &key, &first, BPF_ANY);
	return 0;
}

SEC("?raw_tp/sys_enter") int JOIN(NAME, _left_out)(void *ctx)
{
	start = -1;
	return 0;
}

SEC("raw_tp/sys_enter") int JOIN(NAME, _second)(void *ctx)
{
	int key = 1;

	if (!mine())
		return 0;
	add(&second, start + custom);
	large[19999] = 'x';
	found_inner = !!bpf_map_lookup_elem(&JOIN(NAME, _outer), &key);
	bpf_map_lookup_elem(&JOIN(NAME, _pinned), &key);
	return 0;
}

SEC("tp_btf/sys_enter") int JOIN(NAME, _typed)(void *ctx)
{
	if (mine())
		typed++;
	return 0;
}

SEC("raw_tp/sys_exit") int JOIN(NAME, _exit)(void *ctx)
{
	if (mine())
		exits++;
	return 0;
}

SEC("iter/bpf_map") int JOIN(NAME, _iter)(void *ctx)
{
	visits++;
	return 0;
}

SEC("xdp") int JOIN(NAME, _xdp)(struct xdp_md *ctx)
{
	static const char names[] = "xdp program";

	pkt_len = ctx->data_end - ctx->data;
	bpf_printk("%s", names);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
