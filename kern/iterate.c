// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Our iterator programs: loaded, read to the end, and unloaded again. */
#include <errno.h>
#include <fcntl.h>

#include <bpf/skel_internal.h>

#include "cli/buf.h"
#include "kern/abi.h"
#include "kern/iterate.h"
#include "kern/libbpf_opts.h"
#include "kern/object/obj.h"

#ifdef HAVE_BPF_HELPERS

#define READ_SIZE (64 * 1024)		/* the kernel returns 32 kB at most */

/* libbpf's messages are suppressed: users need not know that this way is not possible. */
#define auto_quiet __attribute__((cleanup(cleanup_quiet)))
static void cleanup_quiet(const libbpf_print_fn_t *was)
{
	libbpf_set_print(*was);
}

/* The object with only one program to load, the others are not even verified. */
static int open_one(const struct helper *h, struct bpf_object **ret, struct bpf_program **ret_prog)
{
	LIB_OPTS(bpf_object_open_opts, opts, .object_name = "bpfctl");
	struct bpf_object *obj = bpf_object__open_mem(h->start, (size_t)(h->end - h->start), &opts);
	struct bpf_program *prog;

	if (!obj)
		return -errno;
	bpf_object__for_each_program(prog, obj) {
		bool is_it = streq(bpf_program__name(prog), h->program);

		bpf_program__set_autoload(prog, is_it);
		if (is_it)
			*ret_prog = prog;
	}
	*ret = obj;
	return *ret_prog ? 0 : -ENOENT;
}

/*
 * The context that the loader program fills: more slots than the object has programs; it has no
 * maps.
 */
struct slots {
	struct bpf_loader_ctx ctx;
	struct bpf_prog_desc progs[16];
};

/* Only one of the programs was loaded; the position of its descriptor depends on libbpf. */
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
 * By a loader program, so that the kernel itself looks up types in its BTF, in 1 ms: libbpf would
 * first parse all of it, which takes 30 ms and 12 MB. Supported since 5.17. Returns a descriptor of
 * the program, or a negative errno.
 */
static int load_in_kernel(const struct helper *h)
{
	auto_object struct bpf_object *obj = NULL;
	struct gen_loader_opts code = { .sz = sizeof(code) };
	struct slots slots = { .ctx.sz = sizeof(slots) };
	struct bpf_load_and_run_opts run = { .ctx = &slots.ctx };
	struct bpf_program *prog = NULL;
	int err = open_one(h, &obj, &prog);

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

/* By libbpf, as everywhere else. Same result. */
static int load_by_library(const struct helper *h)
{
	auto_object struct bpf_object *obj = NULL;
	struct bpf_program *prog = NULL;
	int err = open_one(h, &obj, &prog);
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
		/*
		 * The kernel returns to user space after a million files even if it found nothing.
		 */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		b->len += n > 0 ? (size_t)n : 0;
	}
}

static uint32_t id_of(int link)
{
	struct abi_link_info info = {};

	return obj_info(link, &info, sizeof(info)) ? 0 : info.id;
}

int iterate(const struct helper *h, struct buf *b, uint32_t *ret_link_id)
{
	auto_quiet UNUSED libbpf_print_fn_t was = libbpf_set_print(NULL);
	auto_close int prog = load_in_kernel(h), link = -1, fd = -1;

	if (prog < 0)
		prog = load_by_library(h);
	if (prog < 0)
		return prog;
	link = bpf_link_create(prog, 0, BPF_TRACE_ITER, NULL);
	if (link < 0)
		return link;
	if (ret_link_id)
		*ret_link_id = id_of(link);
	fd = bpf_iter_create(link);
	return fd < 0 ? fd : read_records(fd, b);
}

#else

int iterate(UNUSED const struct helper *h, UNUSED struct buf *b, UNUSED uint32_t *ret_link_id)
{
	return -EOPNOTSUPP;
}

#endif
