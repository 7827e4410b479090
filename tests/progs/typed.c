// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Maps and variables of every kind of type in C. With -D FLOATS also those that bpftool drops. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum color { RED = 1, GREEN = 2, NEGATIVE = -7 };
enum { WIDE = 0x123456789abcULL };
typedef unsigned long long counter_t;

struct key {
	unsigned int a;
	signed char b;
	_Bool flag;
	unsigned short c[1];
};

struct inner {
	int x;
	union {
		unsigned int word;
		unsigned char bytes[4];
	};
};

struct value {
	counter_t n;
	const volatile int negative;
	enum color color;
	char name[8];
	signed char numbers[3];
	unsigned int low : 3, high : 13;
	void *ptr;
	struct inner grid[2][2];
	struct value *next;
	__int128 wide;
#ifdef FLOATS
	float f;
	double d;
	int sbits : 5;
	int after;
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct key);
	__type(value, struct value);
} typed_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, struct inner);
} typed_cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, struct inner);
} typed_queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, unsigned long long);
} typed_socks SEC(".maps");

const volatile char text[] = "read only";
static volatile struct inner table[2] = { { 1, { 2 } }, { -3, { 0xffffffff } } };
volatile enum color chosen = NEGATIVE;
volatile int zeros[3];

SEC("socket")
int typed(void *ctx)
{
	struct key key = { .a = 7, .b = -1, .flag = 1, .c = { 9 } };
	struct inner inner;
	int zero = 0;

	zeros[1] = text[0] + table[1].x + chosen;
	bpf_map_delete_elem(&typed_hash, &key);
	bpf_map_delete_elem(&typed_cpus, &zero);
	bpf_map_pop_elem(&typed_queue, &inner);
	return inner.x;
}

char _license[] SEC("license") = "GPL";
