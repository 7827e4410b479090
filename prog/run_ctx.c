// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog run ... ctx_json FILE: the context given as JSON, by the context type of the program
 * type, and printed by that type after the run.
 */
#include <errno.h>

#include "cli/file.h"
#include "decode/btf/find.h"
#include "decode/btf/parse.h"
#include "decode/btf/size.h"
#include "decode/btf/value.h"
#include "json_writer.h"
#include "kern/object/obj.h"
#include "kern/object/prog_types.h"
#include "kern/object/types.h"
#include "prog/run.h"

#define JSON_MAX (1024 * 1024)

static int find_kernel_type(struct ctx *ctx, const char *name, struct types **ret)
{
	int err = name ? types_of_kernel(ctx, ret) : -ENOENT;

	return err ?: (int)btf_find(&(*ret)->img, name, 1u << BTF_KIND_STRUCT) ?: -ENOENT;
}

/* The struct that the first argument of the program's function points to. */
static int argument_type(const struct btf_image *btf, const char *func)
{
	uint32_t id = btf_find(btf, func, 1u << BTF_KIND_FUNC);
	const struct btf_type *t = id ? btf_image_type(btf, id) : NULL;

	t = t ? btf_image_type(btf, t->type) : NULL;
	if (!t || !btf_is_func_proto(t) || !btf_items(t))
		return -ENOENT;
	id = btf_params(t)[0].type;
	t = btf_skip(btf, BTF_NAMES, &id);
	if (!t || !btf_is_ptr(t))
		return -ENOENT;
	id = t->type;
	t = btf_skip(btf, BTF_NAMES, &id);
	return t && btf_is_composite(t) ? (int)id : -ENOENT;
}

static int find_own_type(struct ctx *ctx, const struct test_run *t, struct run_type *ret)
{
	struct bpf_prog_info info = {};
	char name[OBJ_NAME_MAX];
	int err = obj_info(t->fd, &info, sizeof(info));

	if (err || !info.btf_id)
		return err ? err : -ENOENT;
	obj_prog_name(t->fd, &info, name);
	types_free(take_ptr(ret->types));
	err = types_by_id(ctx, info.btf_id, &ret->types);
	return err ? err : argument_type(&ret->types->img, name);
}

/* Contexts that are arrays of words (raw tracepoints) have no useful type. */
static int find_type(struct ctx *ctx, const struct test_run *t, struct run_type *ret)
{
	int id = find_kernel_type(ctx, t->kind->run_ctx, &ret->types), err;
	int64_t len;

	if (id < 0)
		id = find_own_type(ctx, t, ret);
	len = id < 0 ? 0 : btf_type_size(&ret->types->img, BTF_BPF_POINTER, (uint32_t)id);
	if (len <= 0) {
		fail_msg(ctx->err, -ENOENT, "the type of program %u's context is not known", t->id);
		err_hint(ctx->err, "use ctx_in with bytes");
		return -ENOENT;
	}
	ret->len = (uint32_t)len;
	err = btf_plan_new(&ret->types->img, (uint32_t)id, ret->len, &ret->plan);
	return err ? fail(ctx->err, err, "type of program %u's context", t->id) : 0;
}

void run_type_free(struct run_type *type)
{
	btf_plan_free(type->plan);
	types_free(type->types);
}

int run_ctx_read(struct ctx *ctx, const char *path, struct test_run *t)
{
	struct btf_target target = { .what = "ctx_json" };
	struct buf text = {};
	int err = find_type(ctx, t, &t->ctx_type);

	if (!err)
		err = file_read(ctx->err, path, JSON_MAX, &text);
	if (!err && !buf_room(&t->ctx, t->ctx_type.len))
		err = fail(ctx->err, -ENOMEM, "make the context");
	if (!err) {
		memset(t->ctx.data, 0, t->ctx_type.len);
		t->ctx.len = t->ctx_type.len;
		target.data = (uint8_t *)t->ctx.data;
		target.plan = t->ctx_type.plan;
		err = btf_parse_json(ctx->err, &target, text.data ? text.data : "", text.len);
	}
	buf_free(&text);
	t->has_ctx = !err;
	return err;
}

void run_ctx_show(struct ctx *ctx, const struct test_run *t, const uint8_t *data, size_t len)
{
	struct out *o = ctx->out;

	if (len < t->ctx_type.len)
		return;
	out_tree(o);
	btf_plan_print(o, "ctx_formatted", t->ctx_type.plan, data);
	out_tree_end(o);
}
