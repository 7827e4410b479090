/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Shared by the files of this group. net/attach.c finds programs and devices and loops over the
 * devices; net/xdp.c, net/hook.c and net/tc.c implement one way to attach each; net/show.c
 * lists.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "cli/cmd.h"
#include "kern/attach/netlink.h"
#include "kern/attach/netns.h"

/* For P_CUSTOM rows, into a struct netns_ref. */
int net_parse_netns(struct ctx *ctx, struct args *a, void *member);

#define PARAM_NETNS(type)                                                                          \
	PARAM_CUSTOM(type, netns, struct netns_ref, "netns", "{ NAME | PATH | pid N }",            \
		     net_parse_netns, "use this network namespace", .complete = netns_complete)

/* A position in a chain: before or after a program or a link. */
struct net_anchor {
	bool is_link;
	struct ref ref;			/* REF_NONE: not given */
};

struct net_args {			/* of attach and detach */
	int type;
	struct ref prog, expect;
	struct net_anchor before, after;
	const char *dev;
	struct netns_ref netns;
	uint64_t revision;
	uint32_t prio;
	bool all, overwrite, prepend, qdisc;
};

struct net_filter {
	uint32_t prio, handle;
};

/* An attach or detach in progress. */
struct net_job {
	struct ctx *ctx;
	const struct net_args *args;
	const struct net_type *type;
	struct nl nl;			/* of the network namespace */
	int prog_fd, expect_fd;		/* -1: none */
	uint32_t prog_id, expect_id;
	uint32_t place_id;		/* of before or after */
	struct net_done {		/* result of tc for the current device */
		struct net_filter *filters;	/* owned: created, or removed */
		size_t n, max;
		bool qdisc;		/* was created, or removed */
	} done;
};

/*
 * A way to attach. All functions return 0 (has(): 1 or 0) or a negative errno with the error
 * stored.
 */
struct net_way {
	int (*attach)(struct net_job *job, const struct nl_dev *dev);
	int (*detach)(struct net_job *job, const struct nl_dev *dev);
	/*
	 * Is there something that detach() would detach? 1 or 0. Other dev kinds are excluded
	 * before.
	 */
	int (*has)(struct net_job *job, const struct nl_dev *dev);
	uint32_t prog_type;
	const char *words;		/* which words after the device it accepts */
};

extern const struct net_way net_xdp, net_hook, net_tc;

struct net_type {
	const char *word, *kind;	/* "tcx_ingress", "tcx/ingress" */
	const struct net_way *way;
	uint32_t number;		/* XDP mode flags, attach type, or tc parent */
	const char *dev_kind;		/* only devices of this kind support it; NULL: all */
	const char *hint;		/* if the device does not support it */
};

/*
 * "attach xdp program to eth0 (the kernel's message, if there is one)"; returns err. If the answer
 * of rtnetlink was lost, it says that the change may have been made.
 */
int net_fail(struct net_job *job, const struct nl_dev *dev, int err);

/*
 * Index of a device in the current network namespace, that of netns; an error with text if there is
 * none.
 */
int net_find_dev(struct ctx *ctx, const char *name, const struct netns_ref *netns,
		 uint32_t *ret_ifindex);

/* "driver", "generic", "offload" by enum nl_xdp_mode. */
const char *net_xdp_mode(int mode);

#endif
