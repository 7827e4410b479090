// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Attachments from all sources in one list. Links come first; attachments from other sources are
 * looked up among them, so that nothing is listed twice.
 */
#include <errno.h>
#include <stddef.h>

#include "cli/array.h"
#include "kern/attach/attachments_int.h"

int attachments_add(struct attachments *set, const struct attachment *a)
{
	struct attachment *all = array_room(set->all, set->n, &set->max, sizeof(*all));

	if (!all) {
		free(a->name);
		return -ENOMEM;
	}
	set->all = all;
	set->all[set->n++] = *a;
	return 0;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* The attach target of a kind, if it is a device, a cgroup or a map: never two of them. */
static uint64_t place_of(const struct attachment *a)
{
	return a->ifindex ? a->ifindex : a->cgroup_id ? a->cgroup_id : a->map_id;
}

static int compare_place(const struct attachment *a, const struct attachment *b)
{
	int differ = compare(a->prog_id, b->prog_id);

	differ = differ ? differ : compare(a->kind, b->kind);
	return differ ? differ : compare(place_of(a), place_of(b));
}

static int by_place(const void *a, const void *b, void *data)
{
	const struct attachment *all = data;
	const struct att_order *x = a, *y = b;
	int differ = compare_place(&all[x->link], &all[y->link]);

	return differ ? differ : compare(x->link, y->link);
}

int attachments_index_links(struct attachments *set)
{
	set->n_links = set->n;
	set->placed = calloc(set->n + 1, sizeof(*set->placed));
	set->order = calloc(set->n + 1, sizeof(*set->order));
	if (!set->placed || !set->order)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++)
		set->order[i].link = (uint32_t)i;
	qsort_r(set->order, set->n, sizeof(*set->order), by_place, set->all);
	return 0;
}

/* The same target; a value that is unknown in one of the two is not a difference. */
static bool is_like(const struct attachment *link, const struct attachment *like)
{
	return (!link->netns_ino || link->netns_ino == like->netns_ino) &&
	       (like->attach_type == ATT_NO_TYPE || link->attach_type == ATT_NO_TYPE ||
		link->attach_type == like->attach_type);
}

/*
 * A target may have many links: devices of all network namespaces have the same few numbers. Links
 * at its start that were already placed are skipped at once.
 */
struct attachment *attachments_place(struct attachments *set, const struct attachment *like)
{
	size_t first = count_before(set->order, set->n_links, o,
				    compare_place(&set->all[o->link], like) < 0);
	size_t n_placed = first < set->n_links ? set->order[first].n_placed : 0;

	for (size_t i = first + n_placed; i < set->n_links; i++) {
		uint32_t link = set->order[i].link;

		if (compare_place(&set->all[link], like))
			break;
		if (set->placed[link]) {
			set->order[first].n_placed += i == first + set->order[first].n_placed;
		} else if (is_like(&set->all[link], like)) {
			set->placed[link] = true;
			return &set->all[link];
		}
	}
	return NULL;
}

struct attachment *attachments_place_link(struct attachments *set, uint32_t link_id)
{
	size_t i = count_before(set->all, set->n_links, link, link->link_id < link_id);

	if (i == set->n_links || set->all[i].link_id != link_id)
		return NULL;
	set->placed[i] = true;
	return &set->all[i];
}

static int by_program(const void *a, const void *b)
{
	const struct attachment *x = a, *y = b;
	const int by[] = {
		compare(x->prog_id, y->prog_id), compare(x->kind, y->kind),
		compare(x->netns_ino, y->netns_ino), compare(x->ifindex, y->ifindex),
		compare(x->attach_type, y->attach_type), compare(x->map_id, y->map_id),
		strcmp(x->name ? x->name : "", y->name ? y->name : ""),
		compare(x->link_id, y->link_id), compare(x->pid, y->pid), compare(x->fd, y->fd),
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

const struct att_prog *attachments_prog(const struct attachments *set, uint32_t prog_id)
{
	size_t i = count_before(set->progs, set->n_progs, prog, prog->id < prog_id);

	return i < set->n_progs && set->progs[i].id == prog_id ? &set->progs[i] : NULL;
}

uint64_t attachments_own_netns(const struct attachments *set)
{
	return set->n_netns ? set->netns[0].ino : 0;
}

const struct attachment *attachments_at(const struct attachments *set, size_t i)
{
	return i < set->n ? &set->all[i] : NULL;
}

void attachments_free(struct attachments *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++)
		free(set->all[i].name);
	for (size_t i = 0; i < set->n_netns; i++)
		close(set->netns[i].fd);
	free(set->all);
	free(set->placed);
	free(set->order);
	free(set->progs);
	free(set->netns);
	free(set);
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
