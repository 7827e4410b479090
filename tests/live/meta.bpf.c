// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs with long names, several maps and metadata in two read-only sections. -DPFX=... is the
 * prefix of their names, -DSALT=N makes their tags differ from those of another test running at the
 * same time.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define NAME(x) PASTE(PFX, x)

#define volatile_const volatile const

volatile_const int bpf_metadata_answer SEC(".rodata") = 42;
volatile_const char bpf_metadata_author[] SEC(".rodata") = "an author";
volatile_const long bpf_metadata_negative SEC(".rodata.more") = -7;
volatile_const struct { int major, minor; } bpf_metadata_version SEC(".rodata.more") = { 3, 14 };
volatile_const int not_metadata SEC(".rodata") = 1;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} NAME(_arr) SEC(".maps");

static __always_inline int look(void *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&NAME(_arr), &key);

	return (value ? *value : 0) + SALT + not_metadata + bpf_metadata_answer +
	       bpf_metadata_author[0] + bpf_metadata_negative + bpf_metadata_version.minor;
}

SEC("xdp")
int NAME(_xdp_a_name_longer_than_the_kernel_keeps)(struct xdp_md *ctx)
{
	return look(ctx) ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int NAME(_xdp_a_name_longer_too)(struct xdp_md *ctx)
{
	return look(ctx) ? XDP_PASS : XDP_ABORTED;
}

SEC("socket")
int NAME(_sock)(struct __sk_buff *skb)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
