// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One of everything that an object file can contain, for obj show: sections that libbpf 1.1 does
 * not know, maps in maps, filled slots, variables of each linkage, kfuncs, kernel configuration,
 * CO-RE (not with -D PLAIN, without -g). It is never loaded.
 */
#include "prelude.h"

struct key {
	u32 a, b;
};

struct inner_map {
	int (*type)[2];
	int (*max_entries)[1];
	u32 *key;
	u64 *value;
} inner1 SEC(".maps");

struct {
	int (*type)[13];
	int (*max_entries)[4];
	u32 *key;
	struct inner_map *values[];
} outer SEC(".maps") = { .values = { [2] = &inner1 } };

struct {
	int (*type)[1];
	int (*max_entries)[4];
	int (*map_flags)[5];
	int (*numa_node)[0];
	int (*pinning)[1];
	struct key *key;
	struct {
		u32 x;
		char n[16];
		u32 b : 3;
	} *value;
} hashed SEC(".maps");

int late(void *ctx);

struct {
	int (*type)[3];
	int (*max_entries)[4];
	int (*key_size)[4];
	int (*values[])(void *);
} jumps SEC(".maps") = { .values = { [1] = &late } };

struct {
	int (*type)[33];
	int (*map_flags)[1 << 10];
	int (*max_entries)[100];
	enum { FIRST_PAGE = 4096 } map_extra;
} arena SEC(".maps");

const volatile int limit = 7;
static const volatile char msg[8] = "hi";
int counts[4];
static volatile int hits = 3;
__attribute__((visibility("hidden"))) int hid = 5;
__attribute__((weak)) int wk = 9;
const char bpf_metadata_x[] SEC(".rodata") = "meta";
struct key pair SEC(".data.custom") = { 1, 2 };
int (*volatile callback)(void);

extern int CONFIG_HZ __attribute__((section(".kconfig")));
extern void bpf_rcu_read_lock(void) __attribute__((weak, section(".ksyms")));
extern const int init_pid_ns __attribute__((section(".ksyms")));
extern void kernel_func(struct key *k, int n) __attribute__((section(".ksyms")));

#ifdef PLAIN
#define CORE
#else
#define CORE __attribute__((preserve_access_index))
#endif

struct task {
	int pid;
	struct {
		u64 load[4];
		union {
			u32 one, two;
		};
	} se;
} CORE;

enum state { IDLE, BUSY = 4 };

static __attribute__((noinline)) int sub(struct key *k, int n)
{
	return k->a + n + hits;
}

__attribute__((noinline)) int gsub(int n)
{
	volatile struct key k = { n, 2 };

	return sub((struct key *)&k, n);
}

SEC("tcx/ingress") int traffic(void *ctx)
{
	return gsub(*(int *)ctx) + limit;
}

SEC("?netkit/peer") int container(void *ctx)
{
	counts[1]++;
	return callback != 0;
}

SEC("uprobe.multi.s//bin/bash:read*") int shells(void *ctx)
{
	hid++;
	pair.a++;
	return msg[1] + wk;
}

SEC("fentry.s/do_unlinkat") int unlinked(struct task *t)
{
	kernel_func(0, CONFIG_HZ);
#ifndef PLAIN
	if (__builtin_preserve_type_info(*(struct key *)0, 0))
		counts[2] = __builtin_preserve_enum_value(*(enum state *)BUSY, 1);
#endif
	return t->se.load[2] + t[1].pid + t->se.two + bpf_metadata_x[0];
}

SEC("xdp.frags") int late(void *ctx)
{
	void *(*lookup)(void *map, const void *key) = (void *)1;
	u32 k[2] = {};

	return lookup(&hashed, k) != 0;
}

SEC("odd_section") int odd(void *ctx)
{
	if (bpf_rcu_read_lock)
		bpf_rcu_read_lock();
	return init_pid_ns;
}

char _license[] SEC("license") = "GPL";
u32 _version SEC("version") = 0x60102;
