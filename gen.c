// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl gen: files generated from object files. Here: linking of objects, and the table. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <bpf/libbpf.h>

#include "cli/file.h"
#include "cli/file_settle.h"
#include "commands.h"
#include "load/object.h"

struct object_args {
	const char *out;
	struct args inputs;
};

#define auto_linker __attribute__((cleanup(cleanup_linker)))
static void cleanup_linker(struct bpf_linker **l)
{
	bpf_linker__free(*l);
}

/* libbpf trusts the contents of an object, so it is checked first. */
static int add_input(struct ctx *ctx, struct bpf_linker *linker, const char *path, bool joins)
{
	auto_settled struct settled_file file = { .fd = -1 };
	int err = file_settle(ctx->err, path, &object_file_kind, &file);

	err = err ?: objfile_check_input(ctx, &file, path, joins);
	if (err)
		return err;
	err_log_clear(ctx->err);
	err = bpf_linker__add_file(linker, file.path, NULL);
	return err ? fail(ctx->err, err, "link '%s'", path) : 0;
}

static int add_inputs(struct ctx *ctx, struct bpf_linker *linker, struct args inputs)
{
	bool joins = args_left(&inputs) > 1;
	const char *path;
	int err = 0;

	while (!err && (path = args_next(&inputs)))
		err = add_input(ctx, linker, path, joins);
	return err;
}

static bool is_one_of(const char *path, struct args inputs)
{
	const char *input;
	struct stat a, b;

	while ((input = args_next(&inputs)))
		if (!stat(path, &a) && !stat(input, &b) && a.st_dev == b.st_dev &&
		    a.st_ino == b.st_ino)
			return true;
	return false;
}

static int link_into(struct ctx *ctx, const char *path, const struct args *inputs)
{
	auto_linker struct bpf_linker *linker = bpf_linker__new(path, NULL);
	int err;

	if (!linker) {
		fail(ctx->err, -errno, "open '%s' for the linker", path);
		err_hint(ctx->err, "the linker needs /proc");
		return ctx->err->code;
	}
	err = add_inputs(ctx, linker, *inputs);
	if (err)
		return err;
	err = bpf_linker__finalize(linker);
	return err ? fail(ctx->err, err, "link the objects") : 0;
}

static int copy_to(struct ctx *ctx, int fd, const char *path)
{
	struct stat st;
	void *data;
	int err;

	if (fstat(fd, &st))
		return fail(ctx->err, -errno, "link the objects");
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return fail(ctx->err, -errno, "link the objects");
	err = file_write_mode(ctx->err, path, data, (size_t)st.st_size, FILE_MODE_USUAL);
	if (!err)
		ctx_changed(ctx, "'%s' is written", path);
	munmap(data, (size_t)st.st_size);
	return err;
}

/*
 * The linker needs a path and writes as it goes: into memory, so that OUT is written like every
 * other file.
 */
static int gen_object(struct ctx *ctx, const void *args)
{
	const struct object_args *a = args;
	auto_close int fd = -1;
	char path[64];
	int err;

	if (!args_left(&a->inputs))
		return fail_usage(ctx->err, "missing INPUT: object files to link");
	fd = memfd_create("bpfctl-object", MFD_CLOEXEC);
	if (fd < 0)
		return fail(ctx->err, -errno, "link the objects");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = link_into(ctx, path, &a->inputs);
	/* "gen object app.o *.o", run a second time */
	if (err && is_one_of(a->out, a->inputs))
		err_hint(ctx->err, "output '%s' is also an input", a->out);
	return err ?: copy_to(ctx, fd, a->out);
}

static const struct param object_params[] = {
	PARAM_PATH(struct object_args, out, "", "OUTPUT", "object file to write",
		   .flags = PF_REQUIRED),
	PARAM_PATHS(struct object_args, inputs, "INPUT", "object files to link"),
	{}
};

static const struct cmd gen_object_cmd = {
	.name = "object", .help = "link object files into one",
	.params = object_params, .args_size = sizeof(struct object_args),
	.run = gen_object, .flags = CMD_DEFAULT,
};

/* Exported by files in gen/. */
extern const struct cmd gen_skeleton_cmd;
extern const struct cmd gen_subskeleton_cmd;
extern const struct cmd gen_min_core_btf_cmd;

static const struct cmd *const gen_cmds[] = {
	&gen_object_cmd,
	&gen_skeleton_cmd,
	&gen_subskeleton_cmd,
	&gen_min_core_btf_cmd,
	&(const struct cmd){ .name = "help" },
	NULL
};

const struct cmd gen_cmd = {
	.name = "gen", .help = "generate skeletons, linked objects and minimized BTF",
	.sub = gen_cmds,
};
