// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Types of many kinds for btf.t, among them enumerators beyond 2^31. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#ifndef NAME
#define NAME bt
#endif
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)

enum big { BIG = 0x80000000U, SMALL = 1 };
enum neg { NEG = -5, POS = 5 };

struct bits {
	int a : 3;
	unsigned int b : 5;
	enum big e;
	enum neg n;
	float f;
	long l[4];
	int (*fn)(int, ...);
};

typedef struct bits bits_t;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, bits_t);
} CAT(NAME, _map) SEC(".maps");

const volatile char *text;

SEC("socket")
int CAT(NAME, _prog)(struct __sk_buff *skb)
{
	__u32 k = skb->len;
	bits_t *v = bpf_map_lookup_elem(&CAT(NAME, _map), &k);

	return v ? v->a : (long)text;
}

char _license[] SEC("license") = "GPL";
