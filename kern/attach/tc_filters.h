/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Where classic bpf filters may be: all listings of them use this. */
#ifndef KERN_ATTACH_TC_FILTERS_H
#define KERN_ATTACH_TC_FILTERS_H

#include "kern/attach/netlink.h"

struct tc_place {
	const char *kind;		/* "clsact/ingress", or the kind of the qdisc or class */
	uint32_t parent;		/* the kernel's number */
};

/*
 * Every bpf filter of a device: on its classes, then on its qdiscs, which are among the n from
 * nl_read_qdiscs(). Queries only where a filter is possible. A nonzero result of fn ends it and is
 * returned; or a negative errno.
 */
int tc_each_filter(struct nl *nl, uint32_t ifindex, const struct nl_qdisc *qdiscs, size_t n,
		   int (*fn)(const struct nl_tc *tc, const struct tc_place *at, void *data),
		   void *data);

#endif
