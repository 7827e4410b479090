// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Who holds what, told by bpf/owners.bpf.c: an iterator over all open files. Loading it costs as much
 * as reading /proc/<pid>/fdinfo of some 1500 objects (most of it libbpf's, which parses the
 * kernel's BTF); a file more costs next to nothing.
 */
#include <errno.h>
#include <sys/stat.h>

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

#define auto_link __attribute__((cleanup(cleanup_link)))
static void cleanup_link(struct bpf_link **link)
{
	bpf_link__destroy(*link);
}

static bool in_initial_pid_ns(void)
{
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino == INITIAL_PID_NS;
}

/* One program of the object, the others are not even verified. */
static int load(const char *name, struct bpf_object **ret, struct bpf_program **ret_prog)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "owners");
	size_t len = (size_t)(owners_bpf_end - owners_bpf_start);
	auto_object struct bpf_object *obj = bpf_object__open_mem(owners_bpf_start, len, &opts);
	struct bpf_program *prog;
	int err;

	if (!obj)
		return -errno;
	bpf_object__for_each_program(prog, obj) {
		bool is_it = streq(bpf_program__name(prog), name);

		bpf_program__set_autoload(prog, is_it);
		if (is_it)
			*ret_prog = prog;
	}
	err = *ret_prog ? bpf_object__load(obj) : -ENOENT;
	if (!err)
		*ret = take_ptr(obj);
	return err;
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
	auto_object struct bpf_object *obj = NULL;
	auto_link struct bpf_link *link = NULL;
	struct bpf_program *prog = NULL;
	auto_close int fd = -1;
	int err;

	/* In another namespace processes have other numbers; /proc knows them. */
	if (!in_initial_pid_ns())
		return -EXDEV;
	err = load(program, &obj, &prog);
	if (err)
		return err;
	link = bpf_program__attach_iter(prog, NULL);
	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	return fd < 0 ? -errno : read_records(fd, b);
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
