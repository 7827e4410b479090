// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * -D LIBRARY: the library's part of an object; else: the part that uses it, to be linked with that.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#ifdef LIBRARY
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, long);
} lib_map SEC(".maps");

const volatile int lib_step = 1;
int lib_count;
int lib_table[3] = { 7, 8, 9 };
int (*lib_function)(int);
static int lib_hidden;

__attribute__((noinline)) int lib_add(void)
{
	long *value;
	int key = 0;

	lib_count += lib_step;
	lib_hidden++;
	lib_table[1] += lib_function ? 1 : 2;
	value = bpf_map_lookup_elem(&lib_map, &key);
	if (value)
		*value = lib_count;
	return lib_count;
}

SEC("syscall") int JOIN(NAME, _lib)(void *ctx)
{
	return lib_add();
}
#else
extern int lib_add(void);
int host_count;

SEC("syscall") int JOIN(NAME, _host)(void *ctx)
{
	host_count += 100;
	return lib_add();
}
#endif

char LICENSE[] SEC("license") = "GPL";
