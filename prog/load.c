// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog load, loadall: loads an object file's programs and maps into the kernel and pins
 * them.
 *
 * Everything is loaded before anything is pinned, and if a later step fails, what was created is
 * removed. Between open and load, prog/setup.c sets types of programs, devices and replacement
 * maps.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "load/btf_source.h"
#include "cli/file_settle.h"
#include "json_writer.h"
#include "kern/object/bpffs.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "load/object.h"
#include "load/refusal.h"
#include "prog/explain.h"
#include "prog/loader.h"
#include "prog/setup.h"

/* Either the section name gives no attach target, or its kind is newer than libbpf. */
static void note_unattached(struct ctx *ctx, const struct bpf_program *prog)
{
	const char *section = bpf_program__section_name(prog);
	enum bpf_attach_type attach;
	enum bpf_prog_type type;

	if (libbpf_prog_type_by_name(section, &type, &attach))
		notice(ctx,
		       "program '%s' is pinned, not attached: libbpf %u.%u does not know section "
		       "'%s'",
		       bpf_program__name(prog), libbpf_major_version(), libbpf_minor_version(),
		       section);
	else
		notice(ctx,
		       "program '%s' is pinned, not attached: section name '%s' gives no attach "
		       "target",
		       bpf_program__name(prog), section);
}

static int attach_and_pin(struct ctx *ctx, struct undo *u, struct bpf_program *prog,
			  const char *path)
{
	struct bpf_link *link = bpf_program__attach(prog);
	int err = libbpf_get_error(link);

	if (!err)
		return object_pin_link(ctx, u, link, path);
	if (err != -EOPNOTSUPP)
		return object_fail_attach(ctx, prog, err);
	note_unattached(ctx, prog);
	return undo_pin(ctx, u, bpf_program__fd(prog), path);
}

static int pin_prog(struct ctx *ctx, const struct prog_load_args *a, struct bpf_program *prog,
		    const char *path, struct undo *u)
{
	if (a->autoattach)
		return attach_and_pin(ctx, u, prog, path);
	return undo_pin(ctx, u, bpf_program__fd(prog), path);
}

static struct bpf_program *first_prog(const struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		if (bpf_program__autoload(prog))
			return prog;
	}
	return NULL;
}

static int pin_all_progs(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj,
			 struct undo *u)
{
	struct bpf_program *prog;
	char path[PATH_MAX];
	int err;

	if (!first_prog(obj)) {
		notice(ctx, "'%s' contains no program: only its maps were created", a->object);
		return 0;
	}
	err = undo_make_dir(ctx, u, a->path);
	if (err)
		return err;
	bpf_object__for_each_program(prog, obj) {
		if (!bpf_program__autoload(prog))
			continue;
		err = pin_path(ctx, a->path, bpf_program__name(prog), path);
		err = err ?: pin_prog(ctx, a, prog, path, u);
		if (err)
			return err;
	}
	return 0;
}

static int pin_maps(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj,
		    struct undo *u)
{
	struct bpf_map *map;
	char path[PATH_MAX];
	int err;

	err = undo_make_dir(ctx, u, a->pinmaps);
	if (err)
		return err;
	bpf_object__for_each_map(map, obj) {
		if (bpf_map__fd(map) < 0) /* libbpf skips maps that the kernel cannot use */
			continue;
		err = pin_path(ctx, a->pinmaps, bpf_map__name(map), path);
		err = err ?: undo_pin(ctx, u, bpf_map__fd(map), path);
		if (err)
			return err;
	}
	return 0;
}

/* The commands. */

static int view_kernel_btf(struct ctx *ctx, const char *path, struct btf_source *src)
{
	int err = btf_source_view(ctx, src) ?: btf_source_check(ctx, src);

	if (!err && src->base.data)
		err = fail_msg(ctx->err, -EINVAL, "'%s' is split BTF, of a module", path);
	return err;
}

/*
 * libbpf opens it by name only for relocation, and trusts its contents: it gets validated types,
 * also from pipes.
 */
static int settle_kernel_btf(struct ctx *ctx, struct prog_load_args *a, struct settled_file *ret)
{
	struct btf_source src = {};
	int err;

	if (!a->kernel_btf)
		return 0;
	if (access(a->kernel_btf, R_OK) < 0)
		return fail(ctx->err, -errno, "read kernel BTF '%s'", a->kernel_btf);
	err = btf_source_files(ctx, &a->kernel_btf, 1, &src);
	err = err ?: view_kernel_btf(ctx, a->kernel_btf, &src);
	if (!err && !src.own.mapped) {	/* the kernel's own is used directly */
		err = file_settle_bytes(ctx->err, a->kernel_btf, src.own.data, src.own.len, ret);
		a->kernel_btf = ret->path;
	}
	btf_source_close(&src);
	return err;
}

/* Errors that can be reported before any work is done. */
static int check_request(struct ctx *ctx, struct prog_load_args *a, struct settled_file *kernel_btf)
{
	if (a->dev)
		notice(ctx, "'dev' is deprecated, use 'offload_dev'");
	return settle_kernel_btf(ctx, a, kernel_btf);
}

/* Will something other than a program remain when we exit? */
static bool keeps_maps(const struct prog_load_args *a, const struct bpf_object *obj)
{
	const struct bpf_map *map;
	bool any = false;

	bpf_object__for_each_map(map, obj)
		any = any || a->pinmaps || bpf_map__pin_path(map);
	return any;
}

/*
 * If an object has no other programs, libbpf treats a global function that no program calls as a
 * program, without a possible type. It is skipped if there are maps to be kept.
 */
static void leave_functions(struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj)
		if (bpf_program__type(prog) == BPF_PROG_TYPE_UNSPEC &&
		    streq(bpf_program__section_name(prog), ".text"))
			bpf_program__set_autoload(prog, false);
}

static int need_prog(struct ctx *ctx, const struct prog_load_args *a, const struct bpf_object *obj)
{
	if (first_prog(obj))
		return 0;
	fail_msg(ctx->err, -ENOENT, "'%s' contains no program", a->object);
	if (bpf_object__next_map(obj, NULL))
		err_hint(ctx->err, "'%s prog loadall %s DIR pinmaps DIR' creates and pins its maps",
			 ctx->progname, a->object);
	return -ENOENT;
}

/* Opens the object and sets up its programs and maps. */
static int prepare(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object **ret)
{
	auto_object struct bpf_object *obj = NULL;
	int err;

	err_log_clear(ctx->err);
	err = object_open(ctx, a->object, a->kernel_btf, &obj);
	if (err)
		return err;
	if (!a->type && keeps_maps(a, obj))
		leave_functions(obj);
	if (!a->all || !keeps_maps(a, obj))
		err = need_prog(ctx, a, obj);
	err = err ?: set_types(ctx, a, obj);
	err = err ?: set_devices(ctx, a, obj);
	err = err ?: swap_maps(ctx, a, obj);
	if (!err)
		*ret = take_ptr(obj);
	return err;
}

/* -L: nothing is pinned, so the words about pins have no meaning. */
static int load_by_loader(struct ctx *ctx, const struct prog_load_args *a)
{
	auto_object struct bpf_object *obj = NULL;
	int err;

	if (a->maps || a->pinmaps || a->autoattach)
		return fail_usage(ctx->err,
				  "-L does not pin: it excludes map, pinmaps and autoattach");
	if (a->path)
		notice(ctx, "-L does not pin: '%s' is not used", a->path);
	err = prepare(ctx, a, &obj);
	return err ?: run_loader(ctx, obj, a->object);
}

static int pin_first_prog(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj,
			  struct undo *u)
{
	return pin_prog(ctx, a, first_prog(obj), a->path, u);
}

/* Without a level, a file gets the log also of a program that loads. */
static struct log_wish wished_log(const struct prog_load_args *a)
{
	struct log_wish log = a->log;

	if (log.level && !log.file)
		log.file = "-";
	if (log.file && !log.level)
		log.level = 1;
	return log;
}

typedef int pin_fn(struct ctx *ctx, const struct prog_load_args *a, struct bpf_object *obj,
		   struct undo *u);

/* Those up to the one that was refused last. */
static void leave_out(struct bpf_object *obj, const char *refused)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		bpf_program__set_autoload(prog, false);
		if (streq(bpf_program__name(prog), refused))
			break;
	}
}

/* The rest of the object, without those up to the last refusal: its error in ctx->err. */
static void load_rest(struct ctx *ctx, const struct prog_load_args *a, const char *refused)
{
	const struct object_load what = { .path = a->object, .dev = a->offload_dev ?: a->dev };
	auto_object struct bpf_object *obj = NULL;
	auto_undo struct undo u = {};

	if (prepare(ctx, a, &obj))
		return;
	leave_out(obj, refused);
	if (first_prog(obj))
		object_load(ctx, &what, obj, &u);
}

#define REFUSALS_MAX 256

static void say_nothing(struct ctx *ctx UNUSED, const char *text UNUSED)
{
}

/*
 * One run reports all refusals: what follows the refused program is loaded without it, again and
 * again, until nothing is refused any more. Nothing stays.
 */
static void find_other_refusals(struct ctx *ctx, const struct prog_load_args *a)
{
	void (*say)(struct ctx *ctx, const char *text) = ctx->say;
	char last[REFUSED_NAME_MAX];
	unsigned int n = 0;
	struct err first;
	bool more;

	ctx->say = say_nothing;		/* all was said the first time */
	while (refusal_last(ctx->err, last) && n++ < REFUSALS_MAX) {
		first = *ctx->err;
		*ctx->err = (struct err){};
		load_rest(ctx, a, last);
		more = refusal_merge(&first, ctx->err);
		err_clear(ctx->err);
		*ctx->err = first;
		if (!more)
			break;
	}
	ctx->say = say;
}

/* It is verified once more, with a log: what is loaded and pinned stays. */
static int explain_loaded(struct ctx *ctx, const struct prog_load_args *a)
{
	auto_object struct bpf_object *obj = NULL;
	int err = prepare(ctx, a, &obj);

	return err ?: explain_object(ctx, a->object, obj);
}

static int load_and_pin(struct ctx *ctx, const struct prog_load_args *a, pin_fn *pin_progs)
{
	const struct object_load what = { .path = a->object,
					  .dev = a->offload_dev ?: a->dev,
					  .log = wished_log(a) };
	auto_object struct bpf_object *obj = NULL;
	auto_undo struct undo u = {};
	int err;

	err = prepare(ctx, a, &obj);
	err = err ?: object_load(ctx, &what, obj, &u);
	if (err && a->all && !ctx_is_bpftool(ctx))
		find_other_refusals(ctx, a);
	err = err ?: pin_progs(ctx, a, obj, &u);
	if (!err && a->pinmaps)
		err = pin_maps(ctx, a, obj, &u);
	if (err)
		return err;
	ctx_changed(ctx, "'%s' is loaded and pinned to '%s'", a->object, a->path);
	undo_done(ctx, &u);
	return a->explain ? explain_loaded(ctx, a) : 0;
}

static int prog_load(struct ctx *ctx, const void *args)
{
	auto_settled struct settled_file kernel_btf = { .fd = -1 };
	struct prog_load_args a = *(const struct prog_load_args *)args;
	int err = check_request(ctx, &a, &kernel_btf);

	if (err)
		return err;
	if (ctx->opts->use_loader)
		return load_by_loader(ctx, &a);
	if (!a.path)
		return fail_usage(ctx->err, "missing PATH to pin the program to");
	err = bpffs_check_pin(ctx, a.path);
	return err ?: load_and_pin(ctx, &a, pin_first_prog);
}

static int prog_loadall(struct ctx *ctx, const void *args)
{
	auto_settled struct settled_file kernel_btf = { .fd = -1 };
	struct prog_load_args a = *(const struct prog_load_args *)args;
	int err = object_check_loader(ctx);

	err = err ?: check_request(ctx, &a, &kernel_btf);
	a.all = true;
	return err ?: load_and_pin(ctx, &a, pin_all_progs);
}

static void complete_type(struct ctx *ctx, const char *selector UNUSED, const char *typed UNUSED)
{
	size_t i;

	for (i = 0; section_words[i]; i++)
		complete_word(ctx, section_words[i]);
}

/* Table order is part of the interface: it determines abbreviations. */
#define LOAD_PARAMS(path_meta, path_help, path_flags)                                              \
	PARAM_PATH(struct prog_load_args, object, "", "OBJ", "object file", .flags = PF_REQUIRED), \
		PARAM_PATH(struct prog_load_args, path, "", path_meta, path_help,                  \
			   .flags = path_flags),                                                   \
		PARAM_WORD(struct prog_load_args, type, "type", "TYPE", NULL,                      \
			   "program type as a section name (xdp, cgroup/skb), for sections that "  \
			   "do not contain one",                                                   \
			   .complete = complete_type),                                             \
		PARAM_CUSTOM(struct prog_load_args, maps, struct map_swap *, "map",                \
			     "idx N|name NAME MAP", parse_map_swap,                                \
			     "use an existing map for the object's N-th map or the named one",     \
			     .flags = PF_REPEAT),                                                  \
		PARAM_IFACE(struct prog_load_args, dev, "dev", "IF",                               \
			    "deprecated name of offload_dev", .flags = PF_HIDDEN, .group = 1),     \
		PARAM_IFACE(struct prog_load_args, offload_dev, "offload_dev", "IF",               \
			    "offload programs and maps to this device", .group = 1),               \
		PARAM_IFACE(struct prog_load_args, xdpmeta_dev, "xdpmeta_dev", "IF",               \
			    "bind XDP programs to this device (metadata kfuncs)", .group = 1),     \
		PARAM_PATH(struct prog_load_args, pinmaps, "pinmaps", "DIR",                       \
			   "also pin the object's maps in this directory", .flags = PF_REPEAT),    \
		PARAM_FLAG(struct prog_load_args, autoattach, "autoattach",                        \
			   "attach the programs and pin the links"),                               \
		PARAM_PATH(struct prog_load_args, kernel_btf, "kernel_btf", "FILE",                \
			   "apply CO-RE relocations against this BTF", .flags = PF_REPEAT),        \
		PARAM_PATH(struct prog_load_args, log.file, "log", "FILE",                         \
			   "write the verifier's log to this file, - for standard output"),        \
		PARAM_U32(struct prog_load_args, log.level, "log_level", "N",                      \
			  "level of that log: 1 one path, 2 all paths, 4 statistics only (sums "   \
			  "too)",                                                                  \
			  .flags = PF_NOT_0),                                                      \
		PARAM_FLAG(struct prog_load_args, explain, "explain",                              \
			   "print what the verifier did: instructions, states, stack, loops"),     \
	{                                                                                          \
	}

/* PATH is not accepted with -L, so it is not required by the table. */
static const struct param prog_load_params[] = {
	LOAD_PARAMS("PATH", "where to pin the object's first program", 0)
};

static const struct param prog_loadall_params[] = {
	LOAD_PARAMS("PATH", "directory to pin the programs in, each by its name", PF_REQUIRED)
};

const struct cmd prog_load_cmd = {
	.name = "load", .help = "load an object file and pin its first program",
	.params = prog_load_params, .args_size = sizeof(struct prog_load_args),
	.run = prog_load,
};

const struct cmd prog_loadall_cmd = {
	.name = "loadall", .help = "load an object file and pin all its programs",
	.params = prog_loadall_params, .args_size = sizeof(struct prog_load_args),
	.run = prog_loadall,
};
