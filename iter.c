// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl iter: programs that walk over kernel objects and print them. "pin" creates a file that
 * runs the program whenever it is read; "run" reads once and leaves nothing behind.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>

#include "cli/buf.h"
#include "commands.h"
#include "json_writer.h"
#include "kern/object/bpffs.h"
#include "kern/abi.h"
#include "kern/attach/cgroup.h"
#include "kern/libbpf_opts.h"
#include "kern/object/obj.h"
#include "load/object.h"

#define READ_SIZE (64 * 1024)

struct iter_args {
	const char *object, *path;
	struct ref map;
	const char *cgroup;
	int order;			/* index into order_words */
	uint32_t tid, pid;
};

/* The first is the default. */
static const char *const order_words[] = {
	"descendants_pre", "self_only", "descendants_post", "ancestors_up", "children", NULL
};

static const uint32_t orders[] = {
	BPF_CGROUP_ITER_DESCENDANTS_PRE, BPF_CGROUP_ITER_SELF_ONLY,
	BPF_CGROUP_ITER_DESCENDANTS_POST, BPF_CGROUP_ITER_ANCESTORS_UP, ABI_CGROUP_ITER_CHILDREN,
};

enum need { NEED_NOTHING, NEED_MAP, MAY_CGROUP, MAY_TASK };

/* Parameters of the targets that have any. All other targets have none. */
static const struct {
	const char *target;
	enum need need;
} targets[] = {
	{ "bpf_map_elem", NEED_MAP }, { "bpf_sk_storage_map", NEED_MAP }, { "sockmap", NEED_MAP },
	{ "cgroup", MAY_CGROUP },
	{ "task", MAY_TASK }, { "task_file", MAY_TASK }, { "task_vma", MAY_TASK },
};

static enum need need_of(const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (streq(targets[i].target, target))
			return targets[i].need;
	return NEED_NOTHING;
}

/* A parameter that was given but does not apply to this target; NULL if there is none. */
static const char *misplaced(const struct iter_args *a, enum need need)
{
	if (need != NEED_MAP && a->map.how != REF_NONE)
		return "map";
	if (need != MAY_CGROUP && (a->cgroup || a->order))
		return a->cgroup ? "cgroup" : "order";
	if (need != MAY_TASK && (a->tid || a->pid))
		return a->tid ? "tid" : "pid";
	return NULL;
}

/*
 * All parameters share the same bytes in the kernel's struct: the fd of a map would be used as the
 * id of a thread. So a parameter that does not apply to the target is rejected here.
 */
static int check_parameters(struct ctx *ctx, const struct iter_args *a, const char *target)
{
	static const char *const takes[] = { "no parameter", "map", "cgroup, order", "tid or pid" };
	enum need need = need_of(target);
	const char *wrong = misplaced(a, need);

	if (wrong)
		return fail_usage(ctx->err, "'%s' is not for an iterator over %s, which takes %s",
				  wrong, target, takes[need]);
	if (need == NEED_MAP && a->map.how == REF_NONE)
		return fail_usage(ctx->err, "an iterator over %s needs 'map MAP'", target);
	return 0;
}

/* "bpf_map_elem" of "iter/bpf_map_elem" or "iter.s/bpf_map_elem"; NULL for other sections. */
static const char *target_of(const struct bpf_program *prog)
{
	const char *section = bpf_program__section_name(prog);

	if (has_prefix(section, "iter/"))
		return section + strlen("iter/");
	return has_prefix(section, "iter.s/") ? section + strlen("iter.s/") : NULL;
}

static int find_prog(struct ctx *ctx, const struct iter_args *a, struct bpf_object *obj,
		     struct bpf_program **ret)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		if (bpf_program__autoload(prog) && target_of(prog)) {
			*ret = prog;
			return 0;
		}
	}
	fail_msg(ctx->err, -EINVAL, "'%s' contains no iterator", a->object);
	err_hint(ctx->err, "an iterator is a program in SEC(\"iter/TARGET\"), such as iter/task");
	return -EINVAL;
}

/* What the kernel shall walk over. The fds must stay open until it has been passed. */
struct iter_target {
	union bpf_iter_link_info info;
	int map_fd, cgroup_fd;		/* owned; -1: none */
};

static void iter_target_close(const struct iter_target *p)
{
	cleanup_close(&p->map_fd);
	cleanup_close(&p->cgroup_fd);
}

#define auto_iter_target __attribute__((cleanup(iter_target_close)))

/* The kernel would walk over nothing, and succeed. */
static int check_task(struct ctx *ctx, const struct iter_args *a)
{
	uint32_t id = a->tid ? a->tid : a->pid;

	if (!id || (id <= INT_MAX && (!kill((pid_t)id, 0) || errno != ESRCH)))
		return 0;
	return fail_msg(ctx->err, -ESRCH, "no %s %u", a->tid ? "thread" : "process", id);
}

static int place_open(struct ctx *ctx, const struct iter_args *a, const char *target,
		      struct iter_target *p)
{
	int err;

	if (a->map.how != REF_NONE) {
		err = obj_open(ctx, &obj_map, &a->map, 0, &p->map_fd);
		if (err)
			return err;
		p->info.map.map_fd = p->map_fd;
	} else if (need_of(target) == MAY_CGROUP) {
		/* Without a cgroup, start at the root. */
		p->info.cgroup.order = (enum bpf_cgroup_iter_order)orders[a->order];
		p->cgroup_fd = a->cgroup ? cgroup_open(ctx, a->cgroup) : -1;
		if (a->cgroup && p->cgroup_fd < 0)
			return p->cgroup_fd;
		p->info.cgroup.cgroup_fd = a->cgroup ? p->cgroup_fd : 0;
	} else {
		p->info.task.tid = a->tid;
		p->info.task.pid = a->pid;
		return check_task(ctx, a);
	}
	return 0;
}

static int fail_attach(struct ctx *ctx, const struct iter_args *a, const struct bpf_program *prog,
		       int err)
{
	bool map = a->map.how != REF_NONE, other = a->tid || a->pid || a->cgroup || a->order;

	if (!(err == -EINVAL && (map || other)) && !(err == -EACCES && map))
		return object_fail_attach(ctx, prog, err);
	fail(ctx->err, err, "attach program '%s' (section '%s')", bpf_program__name(prog),
	     bpf_program__section_name(prog));
	if (orders[a->order] == ABI_CGROUP_ITER_CHILDREN)
		err_hint(ctx->err, "'order children' needs Linux 7.0");
	else if (other)
		err_hint(ctx->err, "parameters of tasks and cgroups need Linux 6.1");
	else if (err == -EINVAL)
		err_hint(ctx->err, "%s does not support maps of this type", target_of(prog));
	else
		err_hint(ctx->err, "the program accesses more than this map's keys and values");
	return err;
}

/* The loaded object, and a link of its iterator: both owned by the caller. */
static int attach(struct ctx *ctx, const struct iter_args *a, struct undo *u,
		  struct bpf_object **ret_obj, struct bpf_link **ret)
{
	const struct object_load what = { .path = a->object };
	auto_iter_target struct iter_target p = { .map_fd = -1, .cgroup_fd = -1 };
	LIB_OPTS(bpf_iter_attach_opts, opts, .link_info = &p.info,
		    .link_info_len = sizeof(p.info));
	struct bpf_program *prog = NULL;
	struct bpf_link *link;
	int err;

	err_log_clear(ctx->err);
	err = object_open(ctx, a->object, NULL, ret_obj);
	err = err ?: find_prog(ctx, a, *ret_obj, &prog);
	err = err ?: check_parameters(ctx, a, target_of(prog));
	err = err ?: place_open(ctx, a, target_of(prog), &p);
	err = err ?: object_load(ctx, &what, *ret_obj, u);
	if (err)
		return err;
	link = bpf_program__attach_iter(prog, &opts);
	err = libbpf_get_error(link);
	if (err)
		return fail_attach(ctx, a, prog, err);
	*ret = link;
	return 0;
}

static int iter_pin(struct ctx *ctx, const void *args)
{
	const struct iter_args *a = args;
	auto_object struct bpf_object *obj = NULL;
	auto_undo struct undo u = {};
	struct bpf_link *link = NULL;
	int err = bpffs_check_pin(ctx, a->path);

	err = err ?: attach(ctx, a, &u, &obj, &link);
	err = err ?: object_pin_link(ctx, &u, link, a->path);
	if (err)
		return err;
	ctx_changed(ctx, "the pin '%s' is made", a->path);
	undo_done(ctx, &u);
	return 0;
}

/* Converts whole lines to strings; the rest stays in b. */
static void show_lines(struct out *o, struct buf *b)
{
	size_t at = 0;
	char *end;

	while ((end = b->len > at ? memchr(b->data + at, '\n', b->len - at) : NULL)) {
		out_json_strn(o, NULL, b->data + at, end - (b->data + at));
		at = end - b->data + 1;
	}
	if (at)
		memmove(b->data, b->data + at, b->len - at);
	b->len -= at;
}

static int fail_iter(struct ctx *ctx, const char *what, const struct iter_args *a, int err)
{
	fail(ctx->err, err, "%s the iterator of '%s'", what, a->object);
	return err;
}

/* Reads to the end: into the lines of b, in text directly to the output. */
static int read_all(struct ctx *ctx, const struct iter_args *a, int fd, struct buf *b)
{
	struct out *o = ctx->out;
	bool json = out_is_json(o);

	for (;;) {
		ssize_t n;

		if (!buf_room(b, READ_SIZE))
			return fail_iter(ctx, "read", a, -ENOMEM);
		n = read(fd, b->data + b->len, READ_SIZE);
		/*
		 * EAGAIN: many objects were skipped without output; the kernel allows us to
		 * continue.
		 */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail_iter(ctx, "read", a, -errno);
		if (!n)
			return 0;
		if (n < 0)
			continue;
		b->len += n;
		if (json) {
			show_lines(o, b);
		} else {
			out_text_raw(o, b->data, b->len);
			b->len = 0;
		}
		if (out_failed(o))
			return fail(ctx->err, out_failed(o), "write");
	}
}

static int run_link(struct ctx *ctx, const struct iter_args *a, const struct bpf_link *link)
{
	auto_close int fd = bpf_iter_create(bpf_link__fd(link));
	struct buf b = {};
	int err;

	if (fd < 0)
		return fail_iter(ctx, "start", a, fd);
	out_json_list(ctx->out, NULL);
	err = read_all(ctx, a, fd, &b);
	if (!err && b.len)	/* a last line without newline; in text it has been written */
		out_json_strn(ctx->out, NULL, b.data, b.len);
	if (!err)
		out_json_list_end(ctx->out);
	out_torn(ctx->out, b.err);
	buf_free(&b);
	return err;
}

static int iter_run(struct ctx *ctx, const void *args)
{
	const struct iter_args *a = args;
	auto_object struct bpf_object *obj = NULL;
	auto_undo struct undo u = {};	/* including maps that the object pins by name */
	struct bpf_link *link = NULL;
	int err = attach(ctx, a, &u, &obj, &link);

	if (!err)
		err = run_link(ctx, a, link);
	bpf_link__destroy(link);
	return err;
}

/* The group: they exclude each other. */
#define ITER_PARAMS                                                                                \
	PARAM_REF(struct iter_args, map, "map", "MAP", ref_words_map,                              \
		  "for iterators over the entries of a map", .group = 1,                           \
		  .complete = obj_complete_map),                                                   \
	PARAM_PATH(struct iter_args, cgroup, "cgroup", "PATH",                                     \
		   "for iterators over cgroups: where to start (default: the root)", .group = 1),  \
	PARAM_U32(struct iter_args, tid, "tid", "N", "for iterators over tasks: only this thread", \
		  .group = 1, .flags = PF_NOT_0),                                                  \
	PARAM_U32(struct iter_args, pid, "pid", "N",                                               \
		  "for iterators over tasks: only this process", .group = 1, .flags = PF_NOT_0),   \
	PARAM_CHOICE(struct iter_args, order, "order", "ORDER", order_words,                       \
		     "for iterators over cgroups: self_only, descendants_pre (default), "          \
		     "descendants_post, ancestors_up, children"),                                  \
	{ }

static const struct param pin_params[] = {
	PARAM_PATH(struct iter_args, object, "", "OBJ", "object file", .flags = PF_REQUIRED),
	PARAM_PATH(struct iter_args, path, "", "PATH", "a new path on a BPF file system",
		   .flags = PF_REQUIRED),
	ITER_PARAMS
};

static const struct param run_params[] = {
	PARAM_PATH(struct iter_args, object, "", "OBJ", "object file", .flags = PF_REQUIRED),
	ITER_PARAMS
};

static const struct cmd iter_pin_cmd = {
	.name = "pin", .help = "pin an iterator to a file that runs it when read",
	.params = pin_params, .args_size = sizeof(struct iter_args),
	.run = iter_pin,
};

static const struct cmd iter_run_cmd = {
	.name = "run", .help = "run an iterator once and print its output",
	.params = run_params, .args_size = sizeof(struct iter_args),
	.run = iter_run,
};

static const struct cmd *const iter_cmds[] = {
	&(const struct cmd){ .name = "help", .flags = CMD_DEFAULT },
	&iter_pin_cmd,
	&iter_run_cmd,
	NULL
};

const struct cmd iter_cmd = {
	.name = "iter", .help = "iterators over kernel objects: run, pin",
	.sub = iter_cmds,
};
