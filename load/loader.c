// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * For features that libbpf's generator does not support, it reports a message of its own or, for
 * struct_ops maps, crashes: so that is checked first.
 */
#include "kern/object/prog_types.h"
#include "load/loader.h"

#include <errno.h>

#include <bpf/libbpf.h>

static int refuse(struct ctx *ctx, const char *file, const char *what, const char *name,
		  const char *why)
{
	return fail_msg(ctx->err, -EOPNOTSUPP, "cannot generate a loader program for '%s': %s '%s' "
					       "%s", file, what,
			name, why);
}

/* A pinned map would be looked up on this machine, now. */
static int settle_map(struct ctx *ctx, struct bpf_map *map, const char *file)
{
	const char *name = bpf_map__name(map);
	int err;

	if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
		return refuse(ctx, file, "map", name, "is a struct_ops map, which libbpf's loaders "
						      "do not support");
	if (!bpf_map__pin_path(map))
		return 0;
	notice(ctx, "a loader program does not pin: map '%s' is created anew each time", name);
	err = bpf_map__set_pin_path(map, NULL);
	return err ? fail(ctx->err, err, "unset the pin of map '%s'", name) : 0;
}

/*
 * libbpf treats a function that nothing calls as a program if it is the only one, although it has
 * no type.
 */
static int settle_typeless(struct ctx *ctx, struct bpf_program *prog, const char *file)
{
	const char *name = bpf_program__name(prog);

	if (!streq(bpf_program__section_name(prog), ".text"))
		return refuse(ctx, file, "program", name,
			      "is in a section whose name does not contain a type");
	notice(ctx, "'%s' is not in a program section and is skipped", name);
	bpf_program__set_autoload(prog, false);
	return 0;
}

static int settle_prog(struct ctx *ctx, struct bpf_program *prog, const char *file)
{
	if (!bpf_program__autoload(prog))
		return 0;
	if (bpf_program__type(prog) == BPF_PROG_TYPE_UNSPEC)
		return settle_typeless(ctx, prog, file);
	if (prog_type(bpf_program__type(prog))->traits & PROG_EXTENDS)
		return refuse(ctx, file, "program", bpf_program__name(prog),
			      "replaces a function of a program on this machine");
	return 0;
}

static int settle(struct ctx *ctx, struct bpf_object *obj, const char *file, struct loader *l)
{
	struct bpf_program *prog;
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj) {
		if (err)
			break;
		l->n_maps++;
		err = settle_map(ctx, map, file);
	}
	bpf_object__for_each_program(prog, obj) {
		if (err)
			break;
		l->n_progs++;
		err = settle_prog(ctx, prog, file);
	}
	return err;
}

/* libbpf leaves an error code in it. */
static void hint_prog_array(struct ctx *ctx, const struct bpf_object *obj)
{
	const struct bpf_map *map;

	bpf_object__for_each_map(map, obj) if (bpf_map__type(map) == BPF_MAP_TYPE_PROG_ARRAY)
		err_hint(ctx->err,
			 "libbpf's loaders do not put programs into maps: fill '%s' in the "
			 "application",
			 bpf_map__name(map));
}

int loader_make(struct ctx *ctx, struct bpf_object *obj, const char *file, struct loader *ret)
{
	struct gen_loader_opts code = { .sz = sizeof(code) };
	int err;

	*ret = (struct loader){};
	err = settle(ctx, obj, file, ret);
	if (err)
		return err;
	err = bpf_object__gen_loader(obj, &code);
	err = err ?: bpf_object__load(obj);
	if (err) {
		fail(ctx->err, err, "generate a loader program for '%s'", file);
		if (err == -EOPNOTSUPP)
			hint_prog_array(ctx, obj);
		return err;
	}
	ret->data = code.data;
	ret->data_len = code.data_sz;
	ret->insns = code.insns;
	ret->insns_len = code.insns_sz;
	return ctx->opts->sign ? loader_sign(ctx, ret) : 0;
}

void loader_free(struct loader *l)
{
	free(l->own_insns);
	free(l->signature);
	free(l->certificate);
	*l = (struct loader){};
}
