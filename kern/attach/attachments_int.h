/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the list of attachments, its sources (from_*.c) and collect.c. */
#ifndef KERN_ATTACH_ATTACHMENTS_INT_H
#define KERN_ATTACH_ATTACHMENTS_INT_H

#include "kern/attach/attachments.h"

struct att_netns {
	uint64_t ino;
	int fd;				/* owned */
};

/*
 * An index of the links by kind, program and target, to find one of many without a search through
 * all of them.
 */
struct att_order {
	uint32_t link;			/* index in all[] */
	uint32_t n_placed; /* of the first link of a target: number of placed links from here */
};

struct attachments {
	struct attachment *all;		/* owned, with the names */
	bool *placed;			/* links: also found by another source */
	size_t n, max;
	size_t n_links;			/* these come first while collecting, by id */
	struct att_order *order;	/* owned; n_links */
	struct att_prog *progs;		/* owned, by id */
	size_t n_progs;
	struct att_netns *netns;	/* owned; our own first */
	size_t n_netns;
	size_t n_hidden_netns;		/* files that would name one, and those not entered */
};

static inline int att_compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Adds an attachment and takes over its name. Returns 0 or -ENOMEM; then the name is freed. */
int attachments_add(struct attachments *set, const struct attachment *a);

/* All attachments added so far are links, and there are no further links. Returns 0 or -ENOMEM. */
int attachments_index_links(struct attachments *set);

/*
 * The link of this attachment that was not placed so far, the first by id: kind, program and target
 * (ifindex, cgroup_id, map_id) are equal, and netns_ino and attach_type if both are known. NULL:
 * none.
 */
struct attachment *attachments_place(struct attachments *set, const struct attachment *like);
/* The same, by the link's id. */
struct attachment *attachments_place_link(struct attachments *set, uint32_t link_id);

/* The sources. Return 0, or an error with text in ctx->err. */
int attach_from_links(struct ctx *ctx, struct attachments *set);
int attach_from_net(struct ctx *ctx, struct attachments *set);
int attach_from_cgroups(struct ctx *ctx, struct attachments *set);
int attach_from_maps(struct ctx *ctx, struct attachments *set);
int attach_from_files(struct ctx *ctx, struct attachments *set);

/*
 * Runs fn in a network namespace. Returns 0 or a negative errno; -EIO: could not return to our own.
 */
int attach_in_netns(const struct attachments *set, uint64_t ino, int (*fn)(void *data), void *data);

#endif
