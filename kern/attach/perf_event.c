// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One walk over all open files; the kernel is queried only for perf events and BPF links, which are
 * distinguished from the other files by /proc/<pid>/fd.
 */
#include <errno.h>
#include <fcntl.h>

#include "bpf/owners.h"
#include "cli/buf.h"
#include "kern/abi.h"
#include "kern/object/obj.h"
#include "kern/object/owners_iter.h"
#include "kern/attach/perf_event.h"
#include "kern/object/prog_types.h"

struct perf_walk {
	int (*fn)(const struct proc_file *f, const struct perf_probe *p, void *data);
	void *data;
	struct perf_gaps gaps;
	bool iterated;			/* the iterator could be used */
	char name[PERF_NAME_MAX];
};

static int query(uint32_t pid, uint32_t fd, char *name, struct perf_probe *ret)
{
	uint32_t len = PERF_NAME_MAX;
	__u64 offset = 0, addr = 0;
	int err;

	name[0] = '\0';
	*ret = (struct perf_probe){ .name = name };
	err = bpf_task_fd_query((int)pid, (int)fd, 0, name, &len, &ret->prog_id, &ret->place,
				&offset, &addr);
	ret->offset = offset;
	ret->addr = addr;
	name[PERF_NAME_MAX - 1] = '\0';
	return err == -ENOSPC ? 0 : err;	/* the name is truncated, the rest is complete */
}

/* The kernel's error for a file that is not a perf event shows that it supports the query. */
int perf_check(void)
{
	auto_close int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free struct perf_walk *w = malloc(sizeof(*w));
	struct perf_probe p;
	int err;

	if (fd < 0)
		return -errno;
	err = w ? query((uint32_t)getpid(), (uint32_t)fd, w->name, &p) : -ENOMEM;
	return err == -ABI_ENOTSUPP ? 0 : err;
}

bool perf_is_event(const struct proc_file *f)
{
	return streq(f->target, "anon_inode:[perf_event]");
}

int perf_query(const struct proc_file *f, char name[static PERF_NAME_MAX], struct perf_probe *ret)
{
	return query(f->pid, f->fd, name, ret);
}

const char *perf_place_name(uint32_t place)
{
	static const char *const words[PERF_PLACES] = {
		[PERF_RAW_TRACEPOINT] = "raw_tracepoint", [PERF_TRACEPOINT] = "tracepoint",
		[PERF_KPROBE] = "kprobe",		  [PERF_KRETPROBE] = "kretprobe",
		[PERF_UPROBE] = "uprobe",		  [PERF_URETPROBE] = "uretprobe",
	};

	return place < PERF_PLACES ? words[place] : NULL;
}

/*
 * Is any program loaded that could be found? Most systems have none, and then no file needs to be
 * checked. If the list cannot be read, assume that there is.
 */
static bool any_candidate(void)
{
	uint32_t id = 0;
	int fd, err;

	while (!(err = obj_next(&obj_prog, 0, &id, &fd))) {
		struct bpf_prog_info info = {};

		err = obj_info(fd, &info, sizeof(info));
		close(fd);
		if (err || (prog_type(info.type)->traits & PROG_ON_EVENT))
			return true;
	}
	return err != -ENOENT;
}

/* Raw tracepoints are held by a link, all others by the event. */
static int visit(const struct proc_file *f, void *data)
{
	struct perf_walk *w = data;
	struct perf_probe p;
	int err;

	if (!perf_is_event(f) && obj_kind_by_link(f->target) != &obj_link)
		return 0;
	/* Otherwise an event without a program, a link of another type, or it was closed. */
	err = query(f->pid, f->fd, w->name, &p);
	w->gaps.n_events += err == -EOPNOTSUPP && perf_is_event(f);
	return err ? 0 : w->fn(f, &p, w->data);
}

/*
 * Above this number the iterator's fixed cost is lower than that of checking every file. It also
 * finds more.
 */
#define MANY_FILES 6000

/* Number of open files in the whole system, approximately. */
static unsigned long count_files(void)
{
	auto_fclose FILE *f = fopen("/proc/sys/fs/file-nr", "re");
	unsigned long n = 0;

	return f && fscanf(f, "%lu", &n) == 1 ? n : 0;
}

/* All records of the iterators: by tables of open files, or, if that fails, by file. */
static int read_records(struct buf *b)
{
	int err = task_files_iterate("perf_tables", b);

	if (!err || err == -EXDEV)
		return err;
	b->len = 0;
	return task_files_iterate("perf_events", b);
}

/* The files found by the iterator, visited like those found by a walk. */
static int visit_pointed_out(struct perf_walk *w)
{
	struct perf_record r;
	struct buf b = {};
	int err = read_records(&b);

	w->iterated = !err;
	for (size_t at = 0; !err && at + sizeof(r) <= b.len; at += sizeof(r)) {
		char comm[sizeof(r.comm) + 1];
		struct proc_file f;

		memcpy(&r, b.data + at, sizeof(r));
		snprintf(comm, sizeof(comm), "%.*s", (int)sizeof(r.comm), r.comm);
		f = (struct proc_file){ .pid = r.pid, .fd = r.fd, .proc_dir = -1, .comm = comm,
					.target = "anon_inode:[perf_event]" };
		err = visit(&f, w);
	}
	buf_free(&b);
	return err;
}

static int visit_all(struct perf_walk *w)
{
	int err = 0;

	if (!any_candidate())
		return 0;
	/*
	 * The iterator cannot be used either in this case: /proc shows whether our pids are those
	 * of the kernel.
	 */
	if (!procs_are_there())
		return -ENOENT;
	if (count_files() >= MANY_FILES || !procs_may_see_all())
		err = visit_pointed_out(w);
	return w->iterated ? err : procs_each_file(visit, w, &w->gaps.n_procs);
}

int perf_each(int (*fn)(const struct proc_file *f, const struct perf_probe *p, void *data),
	      void *data, struct perf_gaps *ret)
{
	auto_free struct perf_walk *w = malloc(sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->fn = fn;
	w->data = data;
	w->gaps = (struct perf_gaps){};
	w->iterated = false;
	err = visit_all(w);
	*ret = w->gaps;
	return err;
}

int perf_each_counter(int (*fn)(const struct perf_counter *c, void *data), void *data)
{
	struct perf_counter c;
	struct perf_record r;
	struct buf b = {};
	int err = read_records(&b);

	for (size_t at = 0; !err && at + sizeof(r) <= b.len; at += sizeof(r)) {
		memcpy(&r, b.data + at, sizeof(r));
		if (!r.is_counter)
			continue;
		c = (struct perf_counter){ .pid = r.pid, .fd = r.fd, .prog_id = r.prog_id,
					   .type = r.event_type, .config = r.event_config };
		memcpy(c.comm, r.comm, sizeof(c.comm));
		c.comm[sizeof(c.comm) - 1] = '\0';
		err = fn(&c, data);
	}
	buf_free(&b);
	return err;
}
