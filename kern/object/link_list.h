/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * All links at once, for lists of many. What there may be thousands of (on cgroups and network
 * devices) a program of ours tells in the kernel (bpf/links.bpf.c); only the others are opened and
 * asked one by one.
 */
#ifndef KERN_OBJECT_LINK_LIST_H
#define KERN_OBJECT_LINK_LIST_H

#include <net/if.h>

#include "kern/abi.h"
#include "kern/object/obj.h"

/* From how many links on that is faster: measured, 1.5 ms to load it against 7 us to open a link,
 * ask it and close it. */
#define LINKS_MANY 300

struct link_brief {
	struct abi_link_info info;	/* all of it, as obj_info() fills it in */
	char dev[IF_NAMESIZE]; /* the device it is on, if that is in our network namespace; else ""
				*/
};

struct link_visit {
	int (*brief)(struct ctx *ctx, const struct link_brief *brief, const void *data);
	int (*opened)(struct ctx *ctx, int fd, const void *data);
};

/*
 * For every link, in id order, one of the two: brief() with what the kernel said of it, or opened()
 * with an fd that is closed afterwards. Stops when one returns non-zero and returns that; links
 * that vanish meanwhile are skipped. n_expected: how many links there are about. Below LINKS_MANY,
 * and where our program cannot run, all are opened.
 */
int links_each(struct ctx *ctx, size_t n_expected, const struct link_visit *visit,
	       const void *data);

#endif
