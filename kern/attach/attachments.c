// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The list of attachments that the sources fill. Links come first; attachments from other
 * sources are looked up among them, so that nothing is listed twice.
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

/* The attach target of a kind, if it is a device, a cgroup or a map: never two of them. */
static uint64_t place_of(const struct attachment *a)
{
	return a->ifindex ? a->ifindex : a->cgroup_id ? a->cgroup_id : a->map_id;
}

static int compare_place(const struct attachment *a, const struct attachment *b)
{
	int differ = att_compare(a->prog_id, b->prog_id);

	differ = differ ? differ : att_compare(a->kind, b->kind);
	return differ ? differ : att_compare(place_of(a), place_of(b));
}

static int by_place(const void *a, const void *b, void *data)
{
	const struct attachment *all = data;
	const struct att_order *x = a, *y = b;
	int differ = compare_place(&all[x->link], &all[y->link]);

	return differ ? differ : att_compare(x->link, y->link);
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

const struct att_prog *attachments_prog(const struct attachments *set, uint32_t prog_id)
{
	size_t i = set ? count_before(set->progs, set->n_progs, prog, prog->id < prog_id) : 0;

	return set && i < set->n_progs && set->progs[i].id == prog_id ? &set->progs[i] : NULL;
}

uint64_t attachments_own_netns(const struct attachments *set)
{
	return set->n_netns ? set->netns[0].ino : 0;
}

const struct attachment *attachments_at(const struct attachments *set, size_t i)
{
	return i < set->n ? &set->all[i] : NULL;
}

const struct attachment *attachments_of(const struct attachments *set, uint32_t prog_id,
					size_t *ret_n)
{
	size_t first = set ? count_before(set->all, set->n, a, a->prog_id < prog_id) : 0, n = 0;

	while (set && first + n < set->n && set->all[first + n].prog_id == prog_id)
		n++;
	*ret_n = n;
	return n ? &set->all[first] : NULL;
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
