/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Work in another network namespace: its devices, and results of bpf(2) that depend on their
 * indexes. Files (pins, objects) are still those of the caller.
 */
#ifndef KERN_ATTACH_NETNS_H
#define KERN_ATTACH_NETNS_H

#include "cli/ctx.h"

struct netns_ref {		/* both empty: our own */
	const char *text;	/* a name below /run/netns, or a path; not owned */
	uint32_t pid;		/* that of this process */
};

struct netns {
	struct err *err;	/* NULL: we have not left our own */
	int back;		/* owned: the original namespace */
};

/*
 * Stay in it until netns_leave(), which the attribute calls. The reason of a failure is stored,
 * also that of a failure to return: this ends a batch.
 */
#define auto_netns __attribute__((cleanup(netns_leave)))
int netns_enter(struct ctx *ctx, const struct netns_ref *ref, struct netns *ret);
void netns_leave(struct netns *ns);

/*
 * For hints, both "" for our own: the suffix of our own commands (" netns blue"), and the prefix of
 * other commands ("ip netns exec blue "). The buffer is returned.
 */
#define NETNS_TEXT_MAX 512
const char *netns_words(const struct netns_ref *ref, char buf[static NETNS_TEXT_MAX]);
const char *netns_prefix(const struct netns_ref *ref, char buf[static NETNS_TEXT_MAX]);

/* Offers the names in /run/netns, and processes after "pid". */
void netns_complete(struct ctx *ctx, const char *selector, const char *typed);

#endif
