// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * CO-RE relocations of all kinds that clang 14 supports, each program returns the value of one.
 * MOVED: the same types as in another kernel, to be found by name.
 */
#define SEC(name) __attribute__((section(name), used))
#define NAME_(prefix, name) prefix##_##name
#define NAME(prefix, name) NAME_(prefix, name)

#ifdef MOVED

struct list_head {
	struct list_head *prev, *next;
};

struct pair {
	char pad[3];
	char second;
	long first;
};

enum colour { CYAN = 7, RED = 300, BLUE };
typedef const struct list_head list_t;

struct task_struct {
	char pad[4000];
	union {
		struct {
			int tgid, pid;
		};
		long ids;
	};
	unsigned long long other : 17, bits : 9;
	struct pair pairs[6];
	list_t list;
	struct task_struct *real_parent;
};

struct task_struct tasks;
enum colour colours;

#else

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct list_head {
	struct list_head *next;
};

struct pair {
	int first, second;
};

enum colour { RED, GREEN };

struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent;
};

/* Types of other kernels. */
struct task_struct___other {
	unsigned int bits : 3;
	struct pair pairs[3];
	struct list_head list;
	int gone;
};

struct nowhere {
	int a;
};
#pragma clang attribute pop

enum { OFFSET, SIZE, EXISTS, SIGNED, LSHIFT, RSHIFT };

static long (*get_current_task)(void) = (void *)35;
static long (*probe_read_kernel)(void *to, unsigned int size, const void *from) = (void *)113;

#define VALUE(name, what)                                                                          \
	SEC("xdp") int NAME(PFX, name)(void *ctx)                                                  \
	{                                                                                          \
		struct task_struct___other *o UNUSED = ctx;                                        \
		struct task_struct *t UNUSED = ctx;                                                \
		return what;                                                                       \
	}
#define UNUSED __attribute__((unused))
#define FIELD(what, kind) __builtin_preserve_field_info(what, kind)

VALUE(pid, FIELD(t->pid, OFFSET))
VALUE(parent, FIELD(t->real_parent, OFFSET))
#ifndef REAL
VALUE(bits_size, FIELD(o->bits, SIZE))
VALUE(bits_signed, FIELD(o->bits, SIGNED))
VALUE(bits_right, FIELD(o->bits, RSHIFT))
VALUE(second, FIELD(o->pairs[2].second, OFFSET))
VALUE(next, FIELD(o->list.next, OFFSET))
VALUE(has_list, FIELD(o->list, EXISTS))
VALUE(has_gone, FIELD(o->gone, EXISTS))
VALUE(red, __builtin_preserve_enum_value(*(enum colour *)RED, 1))
VALUE(has_green, __builtin_preserve_enum_value(*(enum colour *)GREEN, 0))
VALUE(pair, __builtin_preserve_type_info(*(struct pair *)0, 1))
VALUE(has_nowhere, __builtin_preserve_type_info(*(struct nowhere *)0, 0))
#else
SEC("syscall") int NAME(PFX, tgid)(void *ctx)
{
	struct task_struct *t = (void *)get_current_task();
	int v = 0;

	probe_read_kernel(&v, sizeof(v), &t->tgid);
	return v;
}

SEC("syscall") int NAME(PFX, ppid)(void *ctx)
{
	struct task_struct *t = (void *)get_current_task();
	int v = 0;

	probe_read_kernel(&t, sizeof(t), &t->real_parent);
	probe_read_kernel(&v, sizeof(v), &t->tgid);
	return v;
}
#endif
#endif

char LICENSE[] SEC("license") = "GPL";
