/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The part of rtnetlink that concerns BPF: devices with their XDP programs, classic tc filters;
 * attach and detach of both. After a failure, the kernel's own message is in nl->ext_ack.
 */
#ifndef KERN_ATTACH_NETLINK_H
#define KERN_ATTACH_NETLINK_H

#include <linux/rtnetlink.h>
#include <net/if.h>

#include "cli/defs.h"

struct mnl_socket;

#define NL_TEXT_MAX 256
#define NL_KIND_MAX 32

struct nl {
	struct mnl_socket *sock;	/* owned */
	uint32_t seq;
	char ext_ack[NL_TEXT_MAX];	/* the kernel's message for the last failure, or "" */
	bool lost; /* the last change was requested, but its answer could not be read */
};

#define auto_nl __attribute__((cleanup(nl_close)))
int nl_open(struct nl *nl);		/* 0 or a negative errno */
void nl_close(struct nl *nl);

enum nl_xdp_mode { NL_XDP_GENERIC, NL_XDP_DRIVER, NL_XDP_OFFLOAD, NL_XDP_MODES };

struct nl_dev {
	uint32_t ifindex;
	uint32_t flags;			/* IFF_UP... */
	uint32_t
		other; /* peer of a pair, if in the same network namespace; or 0 */
	char name[IF_NAMESIZE];		/* untrusted */
	char kind[NL_KIND_MAX];		/* "veth", "netkit"; "" if the driver has none */
	bool netkit_primary; /* the end of a netkit pair that programs are attached to */
	bool xdp_multi;			/* several modes at once */
	uint32_t xdp_ids[NL_XDP_MODES];	/* 0 = no program in this mode */
};

/*
 * Every device of the network namespace (ifindex 0), or one. The dump is complete before fn is
 * called: an interrupted one is repeated. A nonzero result of fn ends the loop and is returned.
 */
int nl_each_dev(struct nl *nl, uint32_t ifindex, int (*fn)(const struct nl_dev *dev, void *data),
		void *data);

/* The same as an array, owned. */
int nl_read_devs(struct nl *nl, uint32_t ifindex, struct nl_dev **ret_devs, size_t *ret_n);

/* All devices, read once, for lookups: a zeroed one is empty. */
struct nl_devs {
	struct nl_dev *all;		/* owned; by ifindex */
	size_t n;
};
int nl_index_devs(struct nl *nl, struct nl_devs *ret);
/* NULL: there is none. */
const struct nl_dev *nl_find_dev(const struct nl_devs *devs, uint32_t ifindex);

#define NL_ACTS_MAX 32			/* the kernel's TCA_ACT_MAX_PRIO */

struct nl_act {
	char name[NL_TEXT_MAX];
	uint32_t prog_id;
	uint32_t index; /* its index among the bpf actions of the network namespace */
	uint32_t n_filters;		/* number of filters that use it */
};

/* A qdisc, a class, or a filter of kind bpf. */
struct nl_tc {
	uint32_t ifindex, handle, parent;
	uint32_t info, chain;		/* filters: see nl_tc_prio() */
	char kind[NL_KIND_MAX];
	char name[NL_TEXT_MAX];		/* bpf filters: untrusted */
	uint32_t prog_id;		/* bpf filters: 0 = not one */
	uint32_t n_acts;
	struct nl_act acts[NL_ACTS_MAX];	/* bpf actions */
};

static inline uint32_t nl_tc_prio(const struct nl_tc *tc)
{
	return tc->info >> 16;
}

/* Filters: the block that several qdiscs, and so devices, share; 0 if it is not shared. */
static inline uint32_t nl_tc_block(const struct nl_tc *tc)
{
	return tc->ifindex == TCM_IFINDEX_MAGIC_BLOCK ? tc->parent : 0;
}

enum nl_tc_what { NL_QDISCS, NL_CLASSES, NL_FILTERS };

/* ifindex 0 and NL_QDISCS: of all devices. parent: for filters. Like nl_each_dev(). */
int nl_each_tc(struct nl *nl, enum nl_tc_what what, uint32_t ifindex, uint32_t parent,
	       int (*fn)(const struct nl_tc *tc, void *data), void *data);

/* Qdiscs or classes as an array, owned. */
struct nl_qdisc {
	uint32_t ifindex, handle, parent;
	char kind[NL_KIND_MAX];
};
int nl_read_qdiscs(struct nl *nl, enum nl_tc_what what, uint32_t ifindex, struct nl_qdisc **ret,
		   size_t *ret_n);

/* Every bpf action of the network namespace, used by a filter or not. Like nl_each_dev(). */
int nl_each_action(struct nl *nl, int (*fn)(const struct nl_act *act, void *data), void *data);
/* Deletes an action that no filter uses; -EPERM if one does. */
int nl_del_action(struct nl *nl, uint32_t index);

/*
 * Attaches prog_fd (-1: detaches) as a device's XDP program. flags: XDP_FLAGS_*; expected_fd: -1,
 * or the program expected by XDP_FLAGS_REPLACE. Returns 0 or a negative errno, as all below.
 */
int nl_set_xdp(struct nl *nl, uint32_t ifindex, int prog_fd, uint32_t flags, int expected_fd);

/*
 * The clsact qdisc of a device. -EEXIST if there is one, or one of kind ingress, which takes its
 * place.
 */
int nl_add_clsact(struct nl *nl, uint32_t ifindex);
int nl_del_clsact(struct nl *nl, uint32_t ifindex);

/*
 * A bpf filter in direct-action mode at tc->parent, with tc->name. handle 0: a new one; info: that
 * priority, or 0 to let the kernel choose. Otherwise the filter with that handle and info gets the
 * program. On return tc has its handle and info. nl_del_filter() takes a tc from nl_each_tc().
 */
int nl_set_filter(struct nl *nl, struct nl_tc *tc, int prog_fd);
int nl_del_filter(struct nl *nl, const struct nl_tc *tc);

#endif
