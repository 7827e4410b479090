// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Maps with addresses, ports and plain numbers for keys. */
#include <linux/bpf.h>
#include <linux/in6.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__be32 saddr;
	__be16 sport;
	__u8 proto;
	struct {
		__u8 mac[6];
		struct in6_addr six;
	} far;
};

struct count {
	unsigned long long packets, bytes;
	struct {
		signed char a;
		unsigned int bits : 3;
	} nested[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct flow);
	__type(value, struct count);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16);
	__type(key, __be32);
	__type(value, unsigned long long);
} peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct { __u32 len; __be32 net; });
	__type(value, unsigned int);
} routes SEC(".maps");

SEC("socket")
int use(void *ctx)
{
	struct flow flow = {};
	__be32 key[2] = {};

	return bpf_map_lookup_elem(&flows, &flow) || bpf_map_lookup_elem(&peers, key) ||
	       bpf_map_lookup_elem(&routes, key);
}

char _license[] SEC("license") = "GPL";
