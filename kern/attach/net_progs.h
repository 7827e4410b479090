/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The programs on the devices of a network namespace, and on itself: all listings use this. */
#ifndef KERN_ATTACH_NET_PROGS_H
#define KERN_ATTACH_NET_PROGS_H

#include "cli/ctx.h"
#include "kern/attach/attach.h"
#include "kern/attach/netlink.h"
#include "kern/attach/tc_filters.h"

/* A hook of devices for several programs. */
struct dev_hook {
	uint32_t attach_type;
	const char *kind;		/* "tcx/ingress" */
	const char *dev_kind;		/* only devices of this kind have it; NULL: all */
};

/* What a function of struct net_fns gets; members that do not concern it are NULL. */
struct net_prog {
	const struct nl_dev *dev;
	const struct dev_hook *hook;
	const struct hook_progs *progs;	/* of the hook; the i-th is the one */
	uint32_t i;
	const struct nl_tc *tc;
	const struct tc_place *at;	/* where tc is */
};

/*
 * Called for each device with an XDP program (in any mode, see dev->xdp_ids), for each program of
 * a hook, for each tc filter, and for each flow dissector. NULL: that part is not read. A nonzero
 * result ends the walk and is returned.
 */
struct net_fns {
	int (*xdp)(const struct net_prog *p, void *data);
	int (*hook)(const struct net_prog *p, void *data);
	int (*filter)(const struct net_prog *p, void *data);
	int (*dissector)(const struct net_prog *p, void *data);
};

struct net_walk {
	struct ctx *ctx;
	struct nl nl;
	struct nl_dev *devs;		/* owned */
	size_t n_devs;
	struct nl_qdisc *qdiscs;	/* owned */
	size_t n_qdiscs;
	bool no_tcx;			/* the kernel does not support the attach type */
	bool denied;			/* bpf(2) is denied, and that was reported */
};

#define auto_net_walk __attribute__((cleanup(net_walk_close)))
void net_walk_close(struct net_walk *w);
/*
 * Reads the devices (ifindex 0: all) and qdiscs of the current network namespace. ctx is set, the
 * rest zeroed, or denied taken from the walk before. Returns 0, or an error with text in ctx->err.
 */
int net_walk_open(struct net_walk *w, uint32_t ifindex);

/*
 * XDP of all devices, then hooks and filters per device, then the flow dissector. A hook that
 * cannot be queried is reported, and the walk goes on. Returns as net_walk_open().
 */
int net_each_prog(struct net_walk *w, const struct net_fns *fns, void *data);

#endif
