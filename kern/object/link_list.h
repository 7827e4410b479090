/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * All links at once, for long lists. The types that may have thousands of links (on cgroups and
 * network devices) are reported by our own program in the kernel (bpf/links.bpf.c); only the others
 * are opened and queried one by one.
 */
#ifndef KERN_OBJECT_LINK_LIST_H
#define KERN_OBJECT_LINK_LIST_H

#include <net/if.h>

#include "kern/abi.h"
#include "kern/object/obj.h"

/*
 * The number of links from which that is faster: measured, 1.5 ms to load it against 7 us to open,
 * query and close a link.
 */
#define LINKS_MANY 300

struct link_brief {
	struct abi_link_info info;	/* complete, as obj_info() fills it */
	char dev[IF_NAMESIZE]; /* the device it is on, if that is in our network namespace; else ""
				*/
};

struct link_visit {
	int (*brief)(struct ctx *ctx, const struct link_brief *brief, const void *data);
	int (*opened)(struct ctx *ctx, int fd, const void *data);
};

/*
 * For every link, in id order, one of the two is called: brief() with the kernel's info about it,
 * or opened() with an fd that is closed afterwards. Stops if one returns nonzero and returns that;
 * links that are freed meanwhile are skipped. n_expected: the approximate number of links. Below
 * LINKS_MANY, and if our program cannot run, all are opened.
 */
int links_each(struct ctx *ctx, size_t n_expected, const struct link_visit *visit,
	       const void *data);

#endif
