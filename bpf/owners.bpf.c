// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Runs in the kernel for every open file of every process: writes a record for each that is a BPF
 * object of one kind. One program per kind; kern/object/owners_iter.c loads the one it needs.
 *
 * The kind of a file is determined by its file system (anonymous inodes, whose files only the
 * kernel creates) and its name, as shown in /proc/<pid>/fd. So no kernel data symbol is needed, and
 * no map to keep state, which would appear in the listing of maps.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "owners.h"

#define ANON_INODE_MAGIC 0x09041934

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* A name padded with zeros, as two numbers: these compare without a loop, which verifies faster. */
union name {
	char text[16];
	__u64 half[2];
};

static __always_inline bool is_same(const union name *a, union name b)
{
	return a->half[0] == b.half[0] && a->half[1] == b.half[1];
}

static __always_inline bool read_name(struct file *file, union name *ret)
{
	if (file->f_inode->i_sb->s_magic != ANON_INODE_MAGIC)
		return false;
	bpf_probe_read_kernel_str(ret->text, sizeof(ret->text), file->f_path.dentry->d_name.name);
	return true;
}

/* Both "bpf-link" and "bpf_link" have been in use. */
#define IS_BPF(at, kind)                                                                           \
	(is_same(at, (union name){ "bpf-" kind }) || is_same(at, (union name){ "bpf_" kind }))

/*
 * The file and its name, if it may be of the kind and is not our own: the reader knows its own
 * files. Each access to ctx->file is a new pointer for the verifier, so there is only one.
 */
static __always_inline struct file *named_file(struct bpf_iter__task_file *ctx, union name *ret)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;

	if (!task || !file || task->tgid == (int)(bpf_get_current_pid_tgid() >> 32))
		return NULL;
	return read_name(file, ret) ? file : NULL;
}

static __always_inline int emit(struct bpf_iter__task_file *ctx, struct owners_record *r)
{
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	r->pid = task->tgid;
	BPF_CORE_READ_STR_INTO(&r->comm, task, group_leader, comm);
	bpf_seq_write(ctx->meta->seq, r, sizeof(*r));
	return 0;
}

SEC("iter/task_file")
int owners_prog(struct bpf_iter__task_file *ctx)
{
	union name name = {};
	struct file *file = named_file(ctx, &name);
	struct owners_record r = {};

	if (!file || !IS_BPF(&name, "prog"))
		return 0;
	r.id = BPF_CORE_READ((struct bpf_prog *)file->private_data, aux, id);
	return emit(ctx, &r);
}

SEC("iter/task_file")
int owners_map(struct bpf_iter__task_file *ctx)
{
	union name name = {};
	struct file *file = named_file(ctx, &name);
	struct owners_record r = {};

	if (!file || !IS_BPF(&name, "map"))
		return 0;
	r.id = BPF_CORE_READ((struct bpf_map *)file->private_data, id);
	return emit(ctx, &r);
}

SEC("iter/task_file")
int owners_btf(struct bpf_iter__task_file *ctx)
{
	union name name = {};
	struct file *file = named_file(ctx, &name);
	struct owners_record r = {};

	if (!file || !is_same(&name, (union name){ "btf" }))
		return 0;
	r.id = BPF_CORE_READ((struct btf *)file->private_data, id);
	return emit(ctx, &r);
}

/* Since 5.15 a link may hold the file of a perf event, and that has a cookie. */
static __always_inline void read_cookie(struct bpf_link *link, struct owners_record *r)
{
	struct bpf_perf_link *perf;
	struct perf_event *event;

	if (!bpf_core_field_exists(struct bpf_perf_link, perf_file) ||
	    !bpf_core_field_exists(struct perf_event, bpf_cookie) ||
	    BPF_CORE_READ(link, type) != BPF_LINK_TYPE_PERF_EVENT)
		return;
	perf = (void *)link - bpf_core_field_offset(struct bpf_perf_link, link);
	event = BPF_CORE_READ(perf, perf_file, private_data);
	r->cookie = BPF_CORE_READ(event, bpf_cookie);
	r->has_cookie = 1;
}

SEC("iter/task_file")
int owners_link(struct bpf_iter__task_file *ctx)
{
	union name name = {};
	struct file *file = named_file(ctx, &name);
	struct owners_record r = {};

	if (!file || !IS_BPF(&name, "link"))
		return 0;
	r.id = BPF_CORE_READ((struct bpf_link *)file->private_data, id);
	read_cookie(file->private_data, &r);
	return emit(ctx, &r);
}

/* What the event counts, if its program has the type that only counters have. */
static __always_inline bool read_event(struct perf_event *event, struct perf_record *r)
{
	struct bpf_prog *prog = BPF_CORE_READ(event, prog);

	if (!prog)
		return false;
	if (BPF_CORE_READ(prog, type) != BPF_PROG_TYPE_PERF_EVENT)
		return true;
	r->is_counter = 1;
	r->prog_id = BPF_CORE_READ(prog, aux, id);
	r->event_type = BPF_CORE_READ(event, attr.type);
	r->event_config = BPF_CORE_READ(event, attr.config);
	return true;
}

/* NO_PROGRAM: a file of a kind that can have a program but has none. */
enum { DULL, NO_PROGRAM, TOLD };

/*
 * Is it an event with a program, or a link of a raw tracepoint? BPF_TASK_FD_QUERY does not report
 * programs on hardware and software events; for the others, the record only says which file to
 * query. holds: the file's private data.
 */
static __always_inline int read_perf(const union name *name, void *holds, struct perf_record *r)
{
	struct bpf_link *link = holds;

	if (is_same(name, (union name){ "[perf_event]" }))
		return read_event(holds, r) ? TOLD : NO_PROGRAM;
	if (!IS_BPF(name, "link"))
		return DULL;
	return BPF_CORE_READ(link, type) == BPF_LINK_TYPE_RAW_TRACEPOINT ? TOLD : NO_PROGRAM;
}

SEC("iter/task_file")
int perf_events(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	union name name = {};
	struct file *file = named_file(ctx, &name);
	struct perf_record r = {};

	if (!file || !task || read_perf(&name, file->private_data, &r) != TOLD)
		return 0;
	r.fd = ctx->fd;
	r.pid = task->tgid;
	BPF_CORE_READ_STR_INTO(&r.comm, task, group_leader, comm);
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	return 0;
}

/*
 * The same by each process's table of open files, in a fifth of the time: the file iterator takes a
 * reference to each file it visits. Here no reference is taken, so a file may be closed and
 * replaced meanwhile: it counts only if it is still in its place afterwards with the same private
 * data. If the records of a process do not fit into the buffer, the whole run fails (E2BIG). Since
 * 5.17 (bpf_loop).
 */
struct table {
	struct file **files;
	unsigned long *open;
	unsigned long word;		/* 64 bits of open */
	const void *dull[2];		/* f_op of the last kinds of files that are neither */
	struct perf_record r;
};

static __always_inline int read_file(struct file *file, struct perf_record *r)
{
	union name name = {};
	void *holds;
	int is;

	if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) != ANON_INODE_MAGIC)
		return DULL;
	bpf_probe_read_kernel_str(name.text, sizeof(name.text),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name));
	holds = BPF_CORE_READ(file, private_data);
	is = read_perf(&name, holds, r);
	return BPF_CORE_READ(file, private_data) == holds ? is : NO_PROGRAM;
}

/* Not static: such a function is verified once, not for each state that it may be called in. TOLD:
 * t->r is a record. */
__noinline int look_at(struct table *t, __u32 fd)
{
	struct file *file = NULL, *again = NULL;
	const void *op;
	int is;

	if (!t)
		return DULL;
	if (!(fd % 64))
		bpf_probe_read_kernel(&t->word, sizeof(t->word), t->open + fd / 64);
	if (!(t->word & (1UL << (fd % 64))))
		return DULL;
	bpf_probe_read_kernel(&file, sizeof(file), t->files + fd);
	op = file ? BPF_CORE_READ(file, f_op) : NULL;
	if (!op || op == t->dull[0] || op == t->dull[1])
		return DULL;
	t->r.fd = fd;
	t->r.is_counter = t->r.prog_id = t->r.event_type = 0;
	t->r.event_config = 0;
	is = read_file(file, &t->r);
	bpf_probe_read_kernel(&again, sizeof(again), t->files + fd);
	if (again != file)
		return NO_PROGRAM;
	if (is == DULL) {
		t->dull[1] = t->dull[0];
		t->dull[0] = op;
	}
	return is;
}

struct walk {
	struct seq_file *seq;
	struct table t;
};

static long visit_file(__u32 fd, struct walk *w)
{
	if (look_at(&w->t, fd) == TOLD)
		bpf_seq_write(w->seq, &w->t.r, sizeof(w->t.r));
	return 0;
}

SEC("iter/task")
int perf_tables(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct walk w = { .seq = ctx->meta->seq };
	struct files_struct *files;
	struct fdtable *fdt;

	if (!task || task->tgid == (int)(bpf_get_current_pid_tgid() >> 32))
		return 0;
	files = BPF_CORE_READ(task, files);
	/* This has been seen for threads with the files of their process. */
	if (!files ||
	    (task->pid != task->tgid && BPF_CORE_READ(task, group_leader, files) == files))
		return 0;
	fdt = BPF_CORE_READ(files, fdt);
	w.t.files = BPF_CORE_READ(fdt, fd);
	w.t.open = BPF_CORE_READ(fdt, open_fds);
	w.t.r.pid = task->tgid;
	BPF_CORE_READ_STR_INTO(&w.t.r.comm, task, group_leader, comm);
	bpf_loop(BPF_CORE_READ(fdt, max_fds), visit_file, &w, 0);
	return 0;
}
