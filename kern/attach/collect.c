// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Attachments from all sources in one list, with their programs. */
#include <errno.h>

#include "kern/attach/attachments_int.h"

static int by_program(const void *a, const void *b)
{
	const struct attachment *x = a, *y = b;
	const int by[] = {
		att_compare(x->prog_id, y->prog_id), att_compare(x->kind, y->kind),
		att_compare(x->netns_ino, y->netns_ino), att_compare(x->ifindex, y->ifindex),
		att_compare(x->attach_type, y->attach_type), att_compare(x->map_id, y->map_id),
		strcmp(x->name ? x->name : "", y->name ? y->name : ""),
		att_compare(x->link_id, y->link_id), att_compare(x->pid, y->pid),
		att_compare(x->fd, y->fd),
	};

	for (size_t i = 0; i < ARRAY_SIZE(by); i++)
		if (by[i])
			return by[i];
	return 0;
}

static int read_prog(uint32_t id, struct att_prog *ret)
{
	auto_close int fd = obj_prog.open_id(id, 0);
	struct bpf_prog_info info = {};
	int err = fd < 0 ? fd : obj_info(fd, &info, sizeof(info));

	if (err == -ENODEV)
		err = obj_orphan_info(fd, &info);
	if (err)
		return err;
	*ret = (struct att_prog){ .id = id, .type = info.type, .load_time = info.load_time,
				  .attach_btf_obj_id = info.attach_btf_obj_id };
	obj_prog_name(fd, &info, ret->name);
	return 0;
}

/* The list is sorted by program. */
static int read_progs(struct ctx *ctx, struct attachments *set)
{
	uint32_t last = 0;
	int err;

	set->progs = calloc(set->n + 1, sizeof(*set->progs));
	if (!set->progs)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++) {
		if (set->all[i].prog_id == last)
			continue;
		last = set->all[i].prog_id;
		err = read_prog(last, &set->progs[set->n_progs]);
		if (!err)
			set->n_progs++;
		else if (err != -ENOENT && err != -ENODEV)
			unread(ctx, err, obj_caps, "read program %u", last);
	}
	return 0;
}

/* Links that were expanded to several attachments, one per program. */
static void drop_replaced(struct attachments *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->n; i++) {
		struct attachment *a = &set->all[i];

		if (i < set->n_links && set->placed[i] && a->kind == ATT_STRUCT_OPS)
			free(a->name);
		else
			set->all[kept++] = *a;
	}
	set->n = kept;
}

static const struct source {
	enum att_sources which;
	int (*collect)(struct ctx *ctx, struct attachments *set);
} sources[] = {
	{ ATT_FROM_NET, attach_from_net },
	{ ATT_FROM_CGROUPS, attach_from_cgroups },
	{ ATT_FROM_MAPS, attach_from_maps },
	{ ATT_FROM_FILES, attach_from_files },
};

static int collect(struct ctx *ctx, unsigned int which, struct attachments *set)
{
	int err = attach_from_links(ctx, set);

	if (err)
		return err;
	err = attachments_index_links(set);
	if (err)
		return fail(ctx->err, err, "list attachments");
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if ((which & sources[i].which) && sources[i].collect(ctx, set))
			report_and_skip(ctx);
	drop_replaced(set);
	if (set->n)
		qsort(set->all, set->n, sizeof(*set->all), by_program);
	err = read_progs(ctx, set);
	return err ? fail(ctx->err, err, "list attachments") : 0;
}

int attachments_collect(struct ctx *ctx, unsigned int which, struct attachments **ret)
{
	struct attachments *set = calloc(1, sizeof(*set));
	int err;

	if (!set)
		return fail(ctx->err, -ENOMEM, "list attachments");
	err = collect(ctx, which, set);
	if (err)
		attachments_free(set);
	else
		*ret = set;
	return err;
}
