// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Users of tracing: pids in the names of probes, programs at the same location, and open files in
 * tracefs. The kernel does not record who wrote a setting, so this is evidence, not proof.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "kern/attach/perf_event.h"
#include "kern/trace/state.h"

#define INITIAL_PID_NS 0xeffffffcU	/* inode of the initial pid namespace, on all kernels */

/* --- names --- */

/* Digits up to end: a pid, or 0. */
static uint32_t parse_pid(const char *text, const char *end)
{
	char *after;
	unsigned long n;

	if (!isdigit((unsigned char)text[0]))
		return 0;
	n = strtoul(text, &after, 10);
	return after == end && n <= INT_MAX ? (uint32_t)n : 0;
}

/* "p_vfs_read_bcc_4711" */
static uint32_t bcc_pid(const char *event)
{
	const char *at = NULL;

	for (const char *c = strstr(event, "_bcc_"); c; c = strstr(c + 1, "_bcc_"))
		at = c + strlen("_bcc_");
	return at ? parse_pid(at, event + strlen(event)) : 0;
}

/* "libbpf_4711_vfs_read_0x0" */
static uint32_t libbpf_pid(const char *event)
{
	const char *pid = event + strlen("libbpf_");

	if (!has_prefix(event, "libbpf_"))
		return 0;
	return parse_pid(pid, pid + strcspn(pid, "_"));
}

/* "ply4711" */
static uint32_t ply_pid(const char *group, const char *end)
{
	if (!has_prefix(group, "ply"))
		return 0;
	group += strlen("ply");
	return parse_pid(group + (*group == '_'), end);
}

static bool is_hex_group(const char *group, const char *end, const char *prefix)
{
	group += strlen(prefix);
	return end - group == 16 && strspn(group, "0123456789abcdef") == 16;
}

const char *trace_maker(const char *name, uint32_t *ret_pid)
{
	const char *colon = strchr(name, ':'), *event = colon ? colon + 1 : name;

	if (!colon)
		colon = name;
	*ret_pid = bcc_pid(event);
	if (*ret_pid)
		return "bcc";
	*ret_pid = libbpf_pid(event);
	if (*ret_pid)
		return "libbpf";
	*ret_pid = ply_pid(name, colon);
	if (*ret_pid)
		return "ply";
	if (has_prefix(name, "probe:") || has_prefix(name, "probe_") ||
	    has_prefix(name, "perf_bpf_probe:"))
		return "perf";
	if (has_prefix(name, "ebpf_") && is_hex_group(name, colon, "ebpf_"))
		return "cilium/ebpf";
	return NULL;
}

/* --- evidence --- */

static int claim(struct trace_item *item, const struct trace_owner *owner)
{
	struct trace_owner *new;

	for (size_t i = 0; i < item->n_owners; i++)
		if (item->owners[i].pid == owner->pid && item->owners[i].claim == owner->claim)
			return 0;
	new = trace_grow((void **)&item->owners, &item->n_owners, sizeof(*new));
	if (!new)
		return -ENOMEM;
	*new = *owner;
	return 0;
}

static bool is_named_after(const struct trace_item *item, uint32_t *ret_pid)
{
	*ret_pid = 0;
	if (item->name && item->kind != TRACE_INSTANCE)
		trace_maker(item->name, ret_pid);
	return *ret_pid != 0;
}

/* A zombie no longer uses anything. */
static bool read_process(uint32_t pid, char comm[static PROC_COMM_MAX])
{
	auto_free char *stat = NULL;
	char path[32], *name, *end;

	comm[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	if (tracefs_read(AT_FDCWD, path, &stat))
		return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
	name = strchr(stat, '(');
	end = strrchr(stat, ')');
	if (!name || !end || end < name || !end[1])
		return true;
	*end = '\0';
	snprintf(comm, PROC_COMM_MAX, "%s", name + 1);
	return end[2] != 'Z' && end[2] != 'X';
}

static int claim_by_names(struct trace_state *s)
{
	int err = 0;

	for (size_t i = 0; i < s->n_items && !err; i++) {
		struct trace_owner owner = { .claim = TRACE_BY_NAME };

		if (!is_named_after(&s->items[i], &owner.pid))
			continue;
		owner.alive = read_process(owner.pid, owner.comm);
		err = claim(&s->items[i], &owner);
	}
	return err;
}

/* "p vfs_read+16 args", "p /bin/bash:0x00f0(0x10) args": is that this location? */
static bool is_place(const struct trace_item *item, const struct perf_probe *p)
{
	bool user = p->place == PERF_UPROBE || p->place == PERF_URETPROBE;
	const char *at = strchr(item->value ? item->value : "", ' ');
	size_t len = strlen(p->name);

	if (!at || !len || strncmp(++at, p->name, len))
		return false;
	at += len;
	if (user)
		return *at == ':' && strtoull(at + 1, NULL, 0) == p->offset;
	if (*at == '+')
		return strtoull(at + 1, NULL, 0) == p->offset;
	return (*at == '\0' || *at == ' ') && !p->offset;
}

static int claim_by_perf(const struct proc_file *f, const struct perf_probe *p, void *data)
{
	struct trace_owner owner = { .pid = f->pid, .claim = TRACE_BY_PERF, .alive = true };
	struct trace_state *s = data;
	int err = 0;

	if (p->place < PERF_KPROBE || p->place > PERF_URETPROBE)
		return 0;
	for (size_t i = 0; i < s->n_items && !err; i++) {
		if (s->items[i].kind != TRACE_PROBE || !is_place(&s->items[i], p))
			continue;
		proc_comm(f, owner.comm);
		err = claim(&s->items[i], &owner);
	}
	return err;
}

struct file_walk {
	const struct tracefs *t;
	struct trace_state *s;
};

/*
 * A process that writes marks into the trace, or has read the id of an event, does not depend on
 * the settings.
 */
static bool uses_state(const char *path)
{
	static const char *const others[] = { "trace_marker", "trace_marker_raw", "id", "format" };
	const char *base = strrchr(path, '/');

	for (size_t i = 0; base && i < ARRAY_SIZE(others); i++)
		if (streq(base + 1, others[i]))
			return false;
	return true;
}

static bool holds_instance(const char *path, const char *instance)
{
	const char *at = strstr(path, "/instances/");
	size_t len = instance ? strlen(instance) : 0;

	if (!at || !instance)
		return !at && !instance;
	at += strlen("/instances/");
	return has_prefix(at, instance) && at[len] == '/';
}

static bool is_held(const struct trace_item *item, const char *path)
{
	uint32_t pid;

	if (item->kind == TRACE_INSTANCE)
		return holds_instance(path, item->name);
	/* A reader of the trace is a user of enabled probes; a name is better evidence. */
	if (is_named_after(item, &pid) || (item->kind == TRACE_PROBE && !item->enabled))
		return false;
	return holds_instance(path, item->instance);
}

static int claim_by_file(const struct proc_file *f, void *data)
{
	struct trace_owner owner = { .pid = f->pid, .claim = TRACE_BY_FILE, .alive = true };
	struct file_walk *w = data;
	char link[32], path[PATH_MAX];
	struct statx st;
	ssize_t n;
	int err = 0;

	/* Never waits for a network file system: cached attributes are enough. */
	snprintf(link, sizeof(link), "fd/%u", f->fd);
	if (f->target[0] != '/' || statx(f->proc_dir, link, AT_STATX_DONT_SYNC, STATX_TYPE, &st) ||
	    makedev(st.stx_dev_major, st.stx_dev_minor) != w->t->dev || !S_ISREG(st.stx_mode))
		return 0;
	n = readlinkat(f->proc_dir, link, path, sizeof(path) - 1);
	if (n < 0)
		return 0;
	path[n] = '\0';
	if (!uses_state(path))
		return 0;
	proc_comm(f, owner.comm);
	for (size_t i = 0; i < w->s->n_items && !err; i++)
		if (is_held(&w->s->items[i], path))
			err = claim(&w->s->items[i], &owner);
	return err;
}

int trace_find_owners(const struct tracefs *t, struct trace_state *s)
{
	struct file_walk w = { t, s };
	struct perf_gaps gaps = {};
	size_t n_hidden = 0;
	struct stat st;
	int err;

	s->blind = !stat("/proc/self/ns/pid", &st) && st.st_ino != INITIAL_PID_NS;
	s->blind |= !procs_are_there();
	if (!s->n_items)
		return 0;
	err = claim_by_names(s);
	if (!err)
		err = procs_each_file(claim_by_file, &w, &n_hidden);
	if (!err)
		err = perf_each(claim_by_perf, s, &gaps);
	s->blind |= (n_hidden || gaps.n_procs) && !procs_may_see_all();
	return err == -ENOENT && s->blind ? 0 : err;
}

/*
 * A name is the best evidence: if something else really uses a dead process's probe, the kernel
 * does not remove it.
 */
bool trace_is_owned(const struct trace_state *s, const struct trace_item *item)
{
	uint32_t pid;
	bool named = is_named_after(item, &pid);

	for (size_t i = 0; i < item->n_owners; i++)
		if (item->owners[i].alive && (!named || item->owners[i].claim == TRACE_BY_NAME))
			return true;
	return s->blind;
}
