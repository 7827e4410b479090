// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The object of a skeleton: programs of several types that this kernel loads, all kinds of
 * variables, names that are not valid in C++, and names that are not valid in C. -D NAME: a prefix
 * for names in the kernel.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "skeleton_types.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct sample);
} hashed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
} template SEC(".maps");

const volatile int watched_pid;		/* rodata: set before loading */
const volatile struct sample limits = { .a = 3 };
long long counted;			/* bss */
char text[16] = "hello";		/* data */
static volatile int hidden = 4;		/* not visible */
enum mood mood = GOOD;
int (*function)(int);
int *pointer;
int matrix[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
struct {
	int x;
	union {
		char c[4];
		int y;
	};
} unnamed = { .x = 9 };
enum { FIRST, SECOND } unnamed_enum = SECOND, unnamed_again;
struct {
	char a;
	int b;
} __attribute__((packed)) tight;
pair_t pair;
int class = 11;				/* a keyword of C++ */
int errno;				/* a macro in C */
int custom SEC(".data.custom") = 1;
int dash SEC(".data.x-y") = 21;
int underscore SEC(".data.x_y") = 22;
const int constant SEC(".rodata.more") = 5;

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF __kconfig __weak;

SEC("raw_tp/sys_enter") int JOIN(NAME, _raw)(void *ctx)
{
	int key = 0;

	hidden++;
	if (watched_pid && (int)(bpf_get_current_pid_tgid() >> 32) != watched_pid)
		return 0;
	counted += limits.a + constant - 5 + custom - 1;
	errno = class + (int)unnamed_enum + unnamed_again;
	tight.b = LINUX_KERNEL_VERSION;
	tight.a = CONFIG_BPF;
	pair[1] = matrix[1][2] + unnamed.x + dash + underscore;
	if (mood == BAD)
		bpf_map_lookup_elem(&template, &key);
	return function || pointer;
}

SEC("xdp") int delete(struct xdp_md *ctx)
{
	struct sample s = { .a = (int)counted, .b = text[0] };
	int key = 1;

	bpf_map_update_elem(&hashed, &key, &s, BPF_ANY);
	return XDP_PASS;
}

SEC("tp/raw_syscalls/sys_exit") int on_exit_of_syscall(void *ctx)
{
	return 0;
}

int visits;

SEC("iter/bpf_map") int each_map(void *ctx)
{
	visits++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
