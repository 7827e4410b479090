/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Shared by link.c and the files for kinds of links: a link that was read, and the hooks that show
 * what is specific to its type.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "cli/ctx.h"
#include "kern/attach/link_info.h"

struct devices;

struct link {
	int fd;				/* borrowed; -1: info was supplied, and is complete */
	const char *dev; /* borrowed; name of its device, "" if it is not ours; NULL: query */
	struct devices *devices;	/* borrowed */
	struct abi_link_info info;
	struct link_bufs bufs;
};

struct link_view {
	void (*show)(struct ctx *ctx, const struct link *l);
};

extern const struct link_view link_perf_event, link_kprobe_multi, link_uprobe_multi,
	link_tracing_multi;
/* For types without a row: what the running kernel's BTF says about them. */
extern const struct link_view link_by_btf;

/* "cookie N", in text only if it is not 0 (compat.md 5.1). */
void link_show_cookie(struct out *o, uint64_t cookie);

#endif
