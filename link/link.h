/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What link.c and the files about kinds of links share: a link that was read, and the hooks that
 * read and show what is special about its type.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "cli/ctx.h"
#include "kern/abi.h"

struct devices;

/* Buffers that the kernel fills; which ones, the type tells. All owned. */
struct link_bufs {
	char *text;			/* a name or path; NUL-terminated */
	uint64_t *addrs, *offsets, *ref_ctr_offsets, *cookies;
	uint32_t n;			/* elements of each array */
};

struct link {
	int fd;				/* borrowed; -1: it was told, and is whole */
	const char *dev;		/* borrowed; the name of its device, "" if that is not ours; NULL: ask */
	struct devices *devices;	/* borrowed */
	struct abi_link_info info;
	struct link_bufs bufs;
};

struct link_view {
	/*
	 * Before the second info call: info holds the sizes the kernel told; put buffers and their
	 * lengths in. 0 or -ENOMEM. NULL: the first call has told everything.
	 */
	int (*want)(struct link *l);
	void (*show)(struct ctx *ctx, const struct link *l);
};

extern const struct link_view link_perf_event, link_kprobe_multi, link_uprobe_multi;
/* For types that have no row: what the running kernel's BTF says of them. */
extern const struct link_view link_by_btf;

/* "cookie N", only in text when it is 0 (compat.md 5.1). */
void link_show_cookie(struct ctx *ctx, uint64_t cookie);
/* A buffer of len bytes for a string that the kernel writes; -ENOMEM. */
int link_want_text(struct link *l, uint32_t len);

#endif
