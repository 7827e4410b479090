// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * kern/trace/ on a directory like tracefs, with contents that few kernels have: what counts as a
 * difference, its users, and what is written to reset it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "kern/trace/undo.h"
#include "tap.h"

static void put(int dir, const char *path, const char *text)
{
	char part[256];
	int fd;

	for (const char *c = strchr(path, '/'); c; c = strchr(c + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(c - path), path);
		mkdirat(dir, part, 0700);
	}
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

static const struct trace_item *find(const struct trace_state *s, const char *file,
				     const char *name)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (streq(s->items[i].file, file) &&
		    (!name || (s->items[i].name && streq(s->items[i].name, name))))
			return &s->items[i];
	return NULL;
}

static void is_undo(const struct trace_item *item, const char *path, const char *text)
{
	auto_trace_undo struct trace_undo u = {};

	if (!ok(item && !trace_undo_plan(item, &u), "%s is a difference", path))
		return;
	is_str(u.path, path, "its file");
	is_str(u.text, text, "what is written there");
}

static void test_names(void)
{
	static const struct {
		const char *name, *maker;
		uint32_t pid;
	} names[] = {
		{ "kprobes:p_vfs_read_bcc_4711", "bcc", 4711 },
		{ "uprobes:p__bin_bash_0x10_bcc_12", "bcc", 12 },
		{ "kprobes:p_x_bcc_1_bcc_2", "bcc", 2 },
		{ "kprobes:p_x_bcc_", NULL, 0 },
		{ "kprobes:p_x_bcc_12x", NULL, 0 },
		{ "kprobes:p_x_bcc_99999999999999999999", NULL, 0 },
		{ "kprobes:libbpf_77_vfs_read_0x0_3", "libbpf", 77 },
		{ "uprobes:libbpf_x", NULL, 0 },
		{ "ply345:p_vfs_read", "ply", 345 },
		{ "plymouth:x", NULL, 0 },
		{ "probe:vfs_read", "perf", 0 },
		{ "probe_libc:malloc", "perf", 0 },
		{ "ebpf_0123456789abcdef:vfs_read", "cilium/ebpf", 0 },
		{ "ebpf_x:vfs_read", NULL, 0 },
		{ "kprobes:p_vfs_read_0", NULL, 0 },
		{ "", NULL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		uint32_t pid = 1;
		const char *maker = trace_maker(names[i].name, &pid);

		is_str(maker, names[i].maker, names[i].name);
		is_int(pid, names[i].pid, "and its pid");
	}
}

static void test_idle(int dir)
{
	struct tracefs t = { .dir = dir };
	auto_trace_state struct trace_state s = {};

	put(dir, "tracing_on", "1\n");
	put(dir, "current_tracer", "nop\n");
	put(dir, "trace_clock", "local [global] counter\n");
	put(dir, "tracing_cpumask", "ffffffff,ffffffff,ffffffff,ffffffff\n");
	put(dir, "set_event", "bpf_trace:bpf_trace_printk\n");
	put(dir, "events/bpf_trace/bpf_trace_printk/enable", "1\n");
	put(dir, "events/bpf_trace/bpf_trace_printk/filter", "none\n");
	put(dir, "events/bpf_trace/bpf_trace_printk/trigger",
	    "# Available triggers:\n# traceon traceoff\n");
	put(dir, "set_ftrace_pid", "no pid\n");
	put(dir, "set_ftrace_filter", "#### all functions enabled ####\n");
	put(dir, "kprobe_events", "");
	put(dir, "instances/.hidden", "");
	is_int(trace_state_read(&t, NULL, TRACE_EVERY_EVENT, &s), 0, "an idle tracefs");
	is_int(s.n_items, 0, "has no difference");
	is_int(s.n_unread, 0, "and what is not there is not missed");
}

/* Each fails to open as a directory. */
static void test_unread(int dir)
{
	struct tracefs t = { .dir = dir };
	auto_trace_state struct trace_state s = {};

	put(dir, "u/events", "");
	put(dir, "u/instances", "");
	t.dir = openat(dir, "u", O_RDONLY | O_DIRECTORY);
	is_int(trace_state_read(&t, NULL, TRACE_EVERY_EVENT, &s), 0, "directories that are closed");
	is_int(s.n_unread, 2, "are counted as unread");
	for (size_t i = 0; i < s.n_unread; i++)
		is_int(s.unread[i].err, -ENOTDIR, s.unread[i].file);
	close(t.dir);
}

static void fill(int dir)
{
	char name[64];

	put(dir, "tracing_on", "0\n");
	put(dir, "current_tracer", "function\n");
	put(dir, "trace_clock", "local global [mono]\n");
	put(dir, "tracing_cpumask", "0\n");
	put(dir, "set_event_pid", "1\n22\n");
	put(dir, "set_ftrace_filter", "vfs_read\nvfs_write [mod]\nvfs_open:traceoff:unlimited\n");
	put(dir, "function_profile_enabled", "1\n");
	put(dir, "set_event", "bpf_trace:bpf_trace_printk\nsched:sched_switch\nsched:sched_exit\n");
	put(dir, "events/sched/sched_switch/enable", "1*\n");
	put(dir, "events/sched/sched_switch/filter", "prev_pid == 1\n");
	put(dir, "events/sched/sched_switch/trigger",
	    "hist:keys=prev_pid:vals=hitcount:sort=hitcount:size=2048 if prev_prio > 1 [active]\n"
	    "enable_event:kmem:kmalloc:unlimited\n");
	put(dir, "events/sched/sched_exit/enable", "0*\n");
	put(dir, "events/kmem/kmalloc/filter", "call_site == 1\n");
	snprintf(name, sizeof(name), "r4:kprobes/p_vfs_read_bcc_%d vfs_read+16\n", getpid());
	put(dir, "kprobe_events", name);
	put(dir, "uprobe_events", "p:uprobes/p_sh_bcc_2147483647 /bin/sh:0x10(0x20) arg1=%ax\n");
	put(dir, "dynamic_events",
	    "p:uprobes/p_sh_bcc_2147483647 /bin/sh:0x10\ns:synthetic/wake\tu64 a; int b\n"
	    "e:eprobes/open syscalls.sys_enter_openat\nbroken line\nf:nogroup x\n");
	put(dir, "events/uprobes/p_sh_bcc_2147483647/enable", "0\n");
	put(dir, "events/uprobes/p_sh_bcc_2147483647/filter", "x == 1\n");
	put(dir, "events/synthetic/wake/enable", "1\n");
	put(dir, "instances/one/tracing_on", "0\n");
	put(dir, "instances/one/set_event", "bpf_trace:bpf_trace_printk\n");
}

static void test_differences(int dir)
{
	struct tracefs t = { .dir = dir };
	auto_trace_state struct trace_state s = {}, all = {};
	const struct trace_item *item;

	fill(dir);
	is_int(trace_state_read(&t, NULL, 0, &s), 0, "a tracefs full of things");
	is_undo(find(&s, "tracing_on", NULL), "tracing_on", "1");
	is_undo(find(&s, "current_tracer", NULL), "current_tracer", "nop");
	is_undo(find(&s, "trace_clock", NULL), "trace_clock", "local");
	is_str((item = find(&s, "trace_clock", NULL)) ? item->value : NULL, "mono",
	       "the clock in use");
	item = find(&s, "tracing_cpumask", NULL);
	ok(item && !streq(item->idle, "0"), "no CPU is not all CPUs");
	is_undo(find(&s, "set_event_pid", NULL), "set_event_pid", "");
	item = find(&s, "set_ftrace_filter", NULL);
	ok(item && item->kind == TRACE_FUNC_COMMAND, "a command for a function");
	is_undo(item, "set_ftrace_filter", "!vfs_open:traceoff:unlimited");
	is_undo(find(&s, "function_profile_enabled", NULL), "function_profile_enabled", "0");
	is_undo(find(&s, "set_event", "sched:sched_switch"), "set_event", "!sched:sched_switch");
	ok(!find(&s, "set_event", "sched:sched_exit"), "what only a trigger listens to is not on");
	is_undo(find(&s, "events/sched/sched_switch/filter", NULL),
		"events/sched/sched_switch/filter", "0");
	is_undo(find(&s, "events/sched/sched_switch/trigger", NULL),
		"events/sched/sched_switch/trigger",
		"!hist:keys=prev_pid:vals=hitcount:sort=hitcount:size=2048 if prev_prio > 1");
	item = find(&s, "kprobe_events", NULL);
	ok(item && item->value && streq(item->value, "r4 vfs_read+16"),
	   "a return probe and its place");
	is_undo(find(&s, "uprobe_events", NULL), "uprobe_events", "-:uprobes/p_sh_bcc_2147483647");
	ok(find(&s, "events/uprobes/p_sh_bcc_2147483647/filter", NULL) != NULL,
	   "the filter of a probe that is off");
	ok(!find(&s, "dynamic_events", "uprobes:p_sh_bcc_2147483647"), "no probe is there twice");
	is_undo(find(&s, "dynamic_events", "synthetic:wake"), "dynamic_events", "-:synthetic/wake");
	is_undo(find(&s, "dynamic_events", "eprobes:open"), "dynamic_events", "-:eprobes/open");
	ok(!find(&s, "events/kmem/kmalloc/filter", NULL), "events that are off are not looked at");
	is_int(trace_state_read(&t, NULL, TRACE_EVERY_EVENT, &all), 0, "unless all are");
	ok(find(&all, "events/kmem/kmalloc/filter", NULL) != NULL, "then they are");
}

static void test_instances(int dir)
{
	struct tracefs t = { .dir = dir };
	auto_trace_state struct trace_state s = {};

	is_int(trace_state_read(&t, "two", 0, &s), -ENOENT, "an instance that is not there");
	is_int(trace_state_read(&t, "../instances/one", 0, &s), -ENOENT, "no way out by a path");
	is_int(trace_state_read(&t, "one", 0, &s), 0, "one that is");
	is_int(s.n_items, 3, "has a setting, an event, and is one itself");
	is_undo(find(&s, "tracing_on", NULL), "instances/one/tracing_on", "1");
	is_undo(find(&s, "instances", "one"), "instances/one", NULL);
}

static void test_owners(int dir)
{
	struct tracefs t = { .dir = dir };
	auto_trace_state struct trace_state s = {};
	const struct trace_item *item;

	is_int(trace_state_read(&t, NULL, 0, &s) ?: trace_find_owners(&t, &s), 0, "who owns it");
	s.blind = false;
	item = find(&s, "kprobe_events", NULL);
	ok(item && trace_is_owned(&s, item), "a probe with our pid in its name is ours");
	is_str(item && item->n_owners ? item->owners[0].comm : NULL, "t_trace", "by name");
	item = find(&s, "uprobe_events", NULL);
	ok(item && item->n_owners == 1 && !trace_is_owned(&s, item),
	   "a dead process's is nobody's");
	item = find(&s, "tracing_on", NULL);
	ok(item && !trace_is_owned(&s, item), "nor is a setting when nobody holds files open");
	s.blind = true;
	ok(item && trace_is_owned(&s, item), "but in a pid namespace we would not know");
}

static void test_undo(int dir)
{
	struct tracefs t = { .dir = dir };
	struct trace_undo set = { .path = "tracing_on", .text = "1", .how = TRACEFS_SET };
	struct trace_undo add = { .path = "uprobe_events", .text = "-:a/b", .how = TRACEFS_ADD };
	struct trace_undo none = { .path = "nosuch", .text = "x", .how = TRACEFS_ADD };
	struct trace_undo busy = { .path = "instances/one" };
	auto_free char *a = NULL, *b = NULL;

	is_int(trace_undo(&t, &set), 0, "a setting is written");
	tracefs_read(dir, "tracing_on", &a);
	is_str(a, "1", "in place of what was there");
	is_int(trace_undo(&t, &add), 0, "a command is written");
	tracefs_read(dir, "uprobe_events", &b);
	ok(b && strstr(b, "\n-:a/b"), "behind what is there");
	is_int(trace_undo(&t, &none), -ENOENT, "no file is made");
	ok(trace_undo(&t, &busy) < 0, "a directory in use stays");
}

int main(void)
{
	char path[] = "/tmp/t_trace.XXXXXX", cmd[64];
	int dir;

	if (!mkdtemp(path))
		return 1;
	dir = open(path, O_RDONLY | O_DIRECTORY);
	test_names();
	test_idle(dir);
	test_unread(dir);
	test_differences(dir);
	test_instances(dir);
	test_owners(dir);
	test_undo(dir);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", path);
	if (system(cmd))
		perror(path);
	return tap_done();
}
