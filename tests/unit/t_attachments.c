// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * kern/attach/attachments.c: the link of an attachment, compared with a linear search; and many of
 * them.
 */
#include <time.h>

#include "kern/attach/attachments_int.h"
#include "tap.h"

static uint32_t state = 1;

static uint32_t dice(uint32_t sides)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % sides;
}

/* As the sources do: a kind has one kind of target. Few values, so that many are equal. */
static struct attachment roll(void)
{
	static const enum att_kind kinds[] = { ATT_XDP, ATT_CGROUP, ATT_SOCKMAP, ATT_NETNS };
	struct attachment a = { .kind = kinds[dice(ARRAY_SIZE(kinds))], .prog_id = 1 + dice(3) };

	a.attach_type = dice(3) ? dice(3) : ATT_NO_TYPE;
	if (a.kind == ATT_XDP)
		a.ifindex = dice(4);
	else if (a.kind == ATT_CGROUP)
		a.cgroup_id = dice(4);
	else if (a.kind == ATT_SOCKMAP)
		a.map_id = dice(4);
	if (a.kind == ATT_NETNS || a.kind == ATT_XDP)
		a.netns_ino = dice(3);
	return a;
}

/* The other sources know their targets. */
static struct attachment roll_like(void)
{
	struct attachment a = roll();

	a.ifindex += a.kind == ATT_XDP && !a.ifindex;
	a.cgroup_id += a.kind == ATT_CGROUP && !a.cgroup_id;
	a.map_id += a.kind == ATT_SOCKMAP && !a.map_id;
	return a;
}

static bool is_like(const struct attachment *link, const struct attachment *like)
{
	return link->kind == like->kind && link->prog_id == like->prog_id &&
	       (!like->ifindex || link->ifindex == like->ifindex) &&
	       (!like->cgroup_id || link->cgroup_id == like->cgroup_id) &&
	       (!like->map_id || link->map_id == like->map_id) &&
	       (!link->netns_ino || link->netns_ino == like->netns_ino) &&
	       (like->attach_type == ATT_NO_TYPE || link->attach_type == ATT_NO_TYPE ||
		link->attach_type == like->attach_type);
}

static const struct attachment *walk(const struct attachments *set, const struct attachment *like)
{
	for (size_t i = 0; i < set->n_links; i++)
		if (!set->placed[i] && is_like(&set->all[i], like))
			return &set->all[i];
	return NULL;
}

static struct attachments *make_links(size_t n, struct attachment (*make)(void))
{
	struct attachments *set = calloc(1, sizeof(*set));
	uint32_t id = 0;

	for (size_t i = 0; i < n; i++) {
		struct attachment a = make();

		a.link_id = id += 1 + dice(3);
		attachments_add(set, &a);
	}
	attachments_index_links(set);
	return set;
}

static void test_same(void)
{
	int n_wrong = 0, n_placed = 0, n_missed = 0;

	for (size_t n = 0; n < 400; n++) {
		struct attachments *set = make_links(n % 80, roll);

		for (size_t i = 0; i < 2 * n; i++) {
			struct attachment like = roll_like();
			const struct attachment *want = walk(set, &like), *got;

			got = attachments_place(set, &like);
			n_wrong += got != want;
			n_placed += !!got;
			n_missed += !got;
			/* Others are placed by their number, or added behind the links. */
			if (!dice(8))
				attachments_place_link(set, dice(200));
			if (!dice(8))
				attachments_add(set, &like);
		}
		attachments_free(set);
	}
	is_int(n_wrong, 0, "the link that a walk finds");
	ok(n_placed > 1000 && n_missed > 1000, "%d found, %d not", n_placed, n_missed);
}

/* One program on device 2 of each of many network namespaces: all links are equal. */
static struct attachment alike(void)
{
	return (struct attachment){
		.kind = ATT_XDP, .prog_id = 7, .ifindex = 2, .attach_type = ATT_NO_TYPE
	};
}

/* One program on many devices, the last of which is looked up first. */
static uint32_t next_index;
static struct attachment on_next(void)
{
	struct attachment a = alike();

	a.ifindex = ++next_index;
	return a;
}

static void test_many(void)
{
	enum { MANY = 200000 };
	struct attachments *same = make_links(MANY, alike), *rest = make_links(MANY, on_next);
	clock_t start = clock();
	int n = 0;

	for (uint32_t i = MANY; i; i--) {
		struct attachment a = alike(), b = alike();

		b.ifindex = i;
		n += attachments_place(same, &a) && attachments_place(rest, &b);
	}
	is_int(n, MANY, "each of many is placed");
	/* A linear search each time would be 40 billion steps. */
	ok(clock() - start < 10 * CLOCKS_PER_SEC, "without a look at all of them each time");
	attachments_free(same);
	attachments_free(rest);
}

int main(void)
{
	test_same();
	test_many();
	return tap_done();
}
