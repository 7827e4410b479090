// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Attachments by links. Details of the target that are not known here are added by other sources.
 */
#include <errno.h>

#include "kern/abi.h"
#include "kern/attach/attachments_int.h"
#include "kern/kernel.h"
#include "kern/attach/link_info.h"
#include "kern/object/link_list.h"
#include "kern/object/prog_types.h"
#include "kern/object/types.h"

static int name_function(struct attachment *a, const struct btf_image *img)
{
	const char *name = types_func_name(img, a->target.btf_id);

	if (name)
		a->name = strdup(name);
	return name && !a->name ? -ENOMEM : 0;
}

/* The only function of a tracing_multi link. */
static int find_function(struct ctx *ctx, struct attachment *a)
{
	auto_btf_types struct types *types = NULL;
	int err = types_by_id(ctx, a->target.btf_obj_id, &types);

	return err ?: name_function(a, &types->img);
}

/*
 * A tracing link's target is a function of the kernel or of a program: its number is the id of a
 * BTF object or of that program, and only the program's own info distinguishes these.
 */
static int find_target(struct ctx *ctx, struct attachment *a)
{
	auto_close int prog = obj_prog.open_id(a->prog_id, 0);
	auto_btf_types struct types *types = NULL;
	struct bpf_prog_info info = {};
	int err = prog < 0 ? prog : obj_info(prog, &info, sizeof(info));

	if (err || !info.attach_btf_obj_id)
		return err;
	err = types_by_id(ctx, info.attach_btf_obj_id, &types);
	if (err)
		return err;
	if (!types->is_kernel) {
		a->target.prog_id = a->target.btf_obj_id;
		a->target.btf_obj_id = 0;
		if (prog_type(info.type)->traits & PROG_EXTENDS)
			a->kind = ATT_EXT;
	}
	return name_function(a, &types->img);
}

static int add_link(struct ctx *ctx, struct attachments *set, const struct abi_link_info *info,
		    const struct link_bufs *bufs)
{
	struct attachment a;
	int err = 0;

	link_describe(info, bufs, &a);
	if (info->type == ABI_LINK_TYPE_TRACING)
		err = find_target(ctx, &a);
	else if (info->type == ABI_LINK_TYPE_TRACING_MULTI && a.target.btf_id)
		err = find_function(ctx, &a);
	if (err && err != -ENOENT && err != -ENODEV)
		unread(ctx, err, "cap_sys_admin", "read the target of link %u", a.link_id);
	if (bufs->text && bufs->text[0])
		a.name = strdup(bufs->text);
	err = attachments_add(set, &a);
	return err ? fail(ctx->err, err, "list attachments") : 0;
}

static int visit_link(struct ctx *ctx, int fd, const void *data)
{
	struct abi_link_info info = {};
	struct link_bufs bufs = {};
	int err = link_info_read(fd, 1, &info, &bufs);

	if (err) {
		fail(ctx->err, err, "read a link");
		report_and_skip(ctx);
		err = 0;
	} else {
		err = add_link(ctx, *(struct attachments *const *)data, &info, &bufs);
	}
	link_bufs_free(&bufs);
	return err;
}

static int visit_brief(struct ctx *ctx, const struct link_brief *brief, const void *data)
{
	return add_link(ctx, *(struct attachments *const *)data, &brief->info,
			&(const struct link_bufs){});
}

int attach_from_links(struct ctx *ctx, struct attachments *set)
{
	static const struct link_visit visit = { visit_brief, visit_link };

	return links_each(ctx, obj_count(&obj_link, LINKS_MANY), &visit, &set);
}
