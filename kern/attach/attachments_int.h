/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the sources of attachments (attach_*.c) share. */
#ifndef KERN_ATTACH_ATTACHMENTS_INT_H
#define KERN_ATTACH_ATTACHMENTS_INT_H

#include "kern/attach/attachments.h"

struct att_netns {
	uint64_t ino;
	int fd;				/* owned */
};

/* The links once more, by kind, program and place: one of many is found without a look at all of
 * them. */
struct att_order {
	uint32_t link;			/* index in all[] */
	uint32_t n_placed; /* of the first link at a place: so many of them were placed, this one on
			    */
};

struct attachments {
	struct attachment *all;		/* owned, with the names */
	bool *placed;			/* links: another source has met it as well */
	size_t n, max;
	size_t n_links;			/* these come first while collecting, by id */
	struct att_order *order;	/* owned; n_links */
	struct att_prog *progs;		/* owned, by id */
	size_t n_progs;
	struct att_netns *netns;	/* owned; our own first */
	size_t n_netns;
	size_t n_hidden_netns;		/* files that would name one, and those not entered */
	bool no_hooks;			/* we may not ask them; reported */
};

/* Take over one (with its name). 0 or -ENOMEM; then the name is freed. */
int attachments_add(struct attachments *set, const struct attachment *a);

/* All that were added so far are links, and all links there are. 0 or -ENOMEM. */
int attachments_index_links(struct attachments *set);

/*
 * The link that makes this attachment and was not placed so far, the first by id: kind, program and
 * place (ifindex, cgroup_id, map_id) are the same, and netns_ino and attach_type where both know
 * them. NULL: no link does.
 */
struct attachment *attachments_place(struct attachments *set, const struct attachment *like);
/* The same, by the link's id. */
struct attachment *attachments_place_link(struct attachments *set, uint32_t link_id);

/* The sources. 0, or an error with text in ctx->err. */
int attach_from_links(struct ctx *ctx, struct attachments *set);
int attach_from_net(struct ctx *ctx, struct attachments *set);
int attach_from_cgroups(struct ctx *ctx, struct attachments *set);
int attach_from_maps(struct ctx *ctx, struct attachments *set);
int attach_from_files(struct ctx *ctx, struct attachments *set);

/* Run fn in a network namespace. 0 or a negative errno; -EIO: we could not come back. */
int attach_in_netns(const struct attachments *set, uint64_t ino, int (*fn)(void *data), void *data);

#endif
