// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Who holds what, told by bpf/owners.bpf.c: an iterator over all open files. Loading it costs as much
 * as reading /proc/<pid>/fdinfo of some hundred objects; a file more costs next to nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <bpf/skel_internal.h>

#include "../bpf/owners.h"
#include "../cli/buf.h"
#include "owners_iter.h"

#ifdef HAVE_BPF_HELPERS

#define READ_SIZE (64 * 1024)		/* the kernel hands out 32 kB at most */
#define INITIAL_PID_NS 0xEFFFFFFC	/* inode of the namespace whose numbers the kernel uses */

/* Put here by the linker: see Makefile. */
extern const char owners_bpf_start[], owners_bpf_end[];

/* libbpf is silent meanwhile: that this way is closed is no news to the user. */
#define auto_quiet __attribute__((cleanup(cleanup_quiet)))
static void cleanup_quiet(const libbpf_print_fn_t *was)
{
	libbpf_set_print(*was);
}

static bool in_initial_pid_ns(void)
{
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino == INITIAL_PID_NS;
}

/* The object with one program to be loaded, the others are not even verified. */
static int open_one(const char *name, struct bpf_object **ret, struct bpf_program **ret_prog)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "owners");
	size_t len = (size_t)(owners_bpf_end - owners_bpf_start);
	struct bpf_object *obj = bpf_object__open_mem(owners_bpf_start, len, &opts);
	struct bpf_program *prog;

	if (!obj)
		return -errno;
	bpf_object__for_each_program(prog, obj) {
		bool is_it = streq(bpf_program__name(prog), name);

		bpf_program__set_autoload(prog, is_it);
		if (is_it)
			*ret_prog = prog;
	}
	*ret = obj;
	return *ret_prog ? 0 : -ENOENT;
}

/* What the loader program fills in: more slots than the object has programs; it has no maps. */
struct slots {
	struct bpf_loader_ctx ctx;
	struct bpf_prog_desc progs[16];
};

/* Of the programs only one was loaded; where its descriptor stands is up to libbpf. */
static int take_prog(struct slots *s)
{
	int fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(s->progs); i++) {
		if (s->progs[i].prog_fd > 0 && fd < 0)
			fd = s->progs[i].prog_fd;
		else
			skel_closenz(s->progs[i].prog_fd);
	}
	return fd < 0 ? -ENOENT : fd;
}

/*
 * By a loader program, so that the kernel itself finds the types in its BTF, in 1 ms: libbpf would
 * first parse all of it, which takes 30 ms and 12 MB. The kernel can do that since 5.17. A descriptor of
 * the program, or a negative errno.
 */
static int load_in_kernel(const char *name)
{
	auto_object struct bpf_object *obj = NULL;
	struct gen_loader_opts code = { .sz = sizeof(code) };
	struct slots slots = { .ctx.sz = sizeof(slots) };
	struct bpf_load_and_run_opts run = { .ctx = &slots.ctx };
	struct bpf_program *prog = NULL;
	int err = open_one(name, &obj, &prog);

	err = err ?: bpf_object__gen_loader(obj, &code);
	err = err ?: bpf_object__load(obj);
	if (err)
		return err;
	run.data = code.data;
	run.data_sz = code.data_sz;
	run.insns = code.insns;
	run.insns_sz = code.insns_sz;
	err = bpf_load_and_run(&run);
	return err ? err : take_prog(&slots);
}

/* As libbpf does it everywhere else. Likewise. */
static int load_by_library(const char *name)
{
	auto_object struct bpf_object *obj = NULL;
	struct bpf_program *prog = NULL;
	int err = open_one(name, &obj, &prog);
	int fd = -1;

	err = err ?: bpf_object__load(obj);
	if (!err)
		fd = fcntl(bpf_program__fd(prog), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return err ? err : fd < 0 ? -errno : fd;
}

static int read_records(int fd, struct buf *b)
{
	for (;;) {
		ssize_t n;

		if (!buf_room(b, READ_SIZE))
			return b->err;
		n = read(fd, b->data + b->len, READ_SIZE);
		if (!n)
			return 0;
		/* The kernel returns to user space after a million files even if none was of interest. */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		b->len += n > 0 ? (size_t)n : 0;
	}
}

int task_files_iterate(const char *program, struct buf *b)
{
	auto_quiet UNUSED libbpf_print_fn_t was = libbpf_set_print(NULL);
	auto_close int prog = -1, link = -1, fd = -1;

	/* In another namespace processes have other numbers; /proc knows them. */
	if (!in_initial_pid_ns())
		return -EXDEV;
	prog = load_in_kernel(program);
	if (prog < 0)
		prog = load_by_library(program);
	if (prog < 0)
		return prog;
	link = bpf_link_create(prog, 0, BPF_TRACE_ITER, NULL);
	if (link < 0)
		return link;
	fd = bpf_iter_create(link);
	return fd < 0 ? fd : read_records(fd, b);
}

static struct owner to_owner(const struct owners_record *r)
{
	struct owner one = { .id = r->id, .pid = r->pid, .has_cookie = r->has_cookie,
			     .bpf_cookie = r->cookie };

	memcpy(one.comm, r->comm, sizeof(one.comm));
	one.comm[sizeof(one.comm) - 1] = '\0';
	return one;
}

int owners_iterate(struct ctx *ctx, const struct obj_kind *kind,
		   int (*add)(struct owners *o, const struct owner *one), struct owners *o)
{
	struct buf b = {};
	char program[32];
	int err;

	snprintf(program, sizeof(program), "owners_%s", kind->group);
	err = task_files_iterate(program, &b);
	if (err && ctx->opts->debug)
		notice(ctx, "owners: the iterator cannot be used (%s); looking into /proc",
		       errno_name(err) ? errno_name(err) : "?");
	for (size_t at = 0; !err && at + sizeof(struct owners_record) <= b.len;
	     at += sizeof(struct owners_record)) {
		struct owners_record r;
		struct owner one;

		memcpy(&r, b.data + at, sizeof(r));
		one = to_owner(&r);
		err = add(o, &one);
	}
	buf_free(&b);
	return err;
}

#else

int owners_iterate(UNUSED struct ctx *ctx, UNUSED const struct obj_kind *kind,
		   UNUSED int (*add)(struct owners *o, const struct owner *one), UNUSED struct owners *o)
{
	return -EOPNOTSUPP;
}

int task_files_iterate(UNUSED const char *program, UNUSED struct buf *b)
{
	return -EOPNOTSUPP;
}

#endif
