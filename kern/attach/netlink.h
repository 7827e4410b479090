/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * rtnetlink, as far as BPF hangs on it: devices with their XDP programs, classic tc filters; attach
 * and detach of both. A failure leaves the kernel's own words in nl->ext_ack.
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
	char ext_ack[NL_TEXT_MAX];	/* what the kernel said about the last failure, or "" */
	bool lost; /* the last change was asked for, but its answer could not be read */
};

#define auto_nl __attribute__((cleanup(nl_close)))
int nl_open(struct nl *nl);		/* 0 or a negative errno */
void nl_close(struct nl *nl);

enum nl_xdp_mode { NL_XDP_GENERIC, NL_XDP_DRIVER, NL_XDP_OFFLOAD, NL_XDP_MODES };

struct nl_dev {
	uint32_t ifindex;
	uint32_t flags;			/* IFF_UP... */
	uint32_t
		other; /* the other end of a pair, if that is in the same network namespace; or 0 */
	char name[IF_NAMESIZE];		/* untrusted */
	char kind[NL_KIND_MAX];		/* "veth", "netkit"; "" if the driver has none */
	bool netkit_primary; /* of a netkit pair, the one that programs are attached to */
	bool xdp_multi;			/* several modes at once */
	uint32_t xdp_ids[NL_XDP_MODES];	/* 0 = no program in that mode */
};

/*
 * Every device of the network namespace (ifindex 0), or one. The answer is complete before fn is
 * called: an interrupted dump is asked again. fn's non-zero return ends it and is returned.
 */
int nl_each_dev(struct nl *nl, uint32_t ifindex, int (*fn)(const struct nl_dev *dev, void *data),
		void *data);

/* The same as an array, owned. */
int nl_read_devs(struct nl *nl, uint32_t ifindex, struct nl_dev **ret_devs, size_t *ret_n);

/* All of them once, to be looked up: a zeroed one is empty. */
struct nl_devs {
	struct nl_dev *all;		/* owned; by ifindex */
	size_t n;
};
int nl_index_devs(struct nl *nl, struct nl_devs *ret);
/* NULL: there was none. */
const struct nl_dev *nl_find_dev(const struct nl_devs *devs, uint32_t ifindex);

#define NL_ACTS_MAX 32			/* the kernel's TCA_ACT_MAX_PRIO */

struct nl_act {
	char name[NL_TEXT_MAX];
	uint32_t prog_id;
	uint32_t index; /* its number among the bpf actions of the network namespace */
	uint32_t n_filters;		/* that use it */
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

/* Filters: the block of several qdiscs, and so devices, that it is in; 0 if only one has it. */
static inline uint32_t nl_tc_block(const struct nl_tc *tc)
{
	return tc->ifindex == TCM_IFINDEX_MAGIC_BLOCK ? tc->parent : 0;
}

enum nl_tc_what { NL_QDISCS, NL_CLASSES, NL_FILTERS };

/* ifindex 0 and NL_QDISCS: of all devices. parent: for filters. As nl_each_dev(). */
int nl_each_tc(struct nl *nl, enum nl_tc_what what, uint32_t ifindex, uint32_t parent,
	       int (*fn)(const struct nl_tc *tc, void *data), void *data);

/* Qdiscs or classes as an array, owned. */
struct nl_qdisc {
	uint32_t ifindex, handle, parent;
	char kind[NL_KIND_MAX];
};
int nl_read_qdiscs(struct nl *nl, enum nl_tc_what what, uint32_t ifindex, struct nl_qdisc **ret,
		   size_t *ret_n);

/* Every bpf action of the network namespace, whether a filter uses it or not. As nl_each_dev(). */
int nl_each_action(struct nl *nl, int (*fn)(const struct nl_act *act, void *data), void *data);
/* Delete an action that no filter uses; -EPERM if one does. */
int nl_del_action(struct nl *nl, uint32_t index);

/*
 * Attach prog_fd (-1: detach) as a device's XDP program. flags: XDP_FLAGS_*; expected_fd: -1, or
 * the program that XDP_FLAGS_REPLACE asks for. 0 or a negative errno, as all below.
 */
int nl_set_xdp(struct nl *nl, uint32_t ifindex, int prog_fd, uint32_t flags, int expected_fd);

/* The clsact qdisc of a device. -EEXIST when there is one, or one of kind ingress, which has its
 * place. */
int nl_add_clsact(struct nl *nl, uint32_t ifindex);
int nl_del_clsact(struct nl *nl, uint32_t ifindex);

/*
 * A bpf filter in direct-action mode at tc->parent, with tc->name. handle 0: a new one; info: that
 * priority, or 0 for one of the kernel's choice. Else the filter of that handle and info gets the
 * program. What it is called then is in tc. nl_del_filter() takes what nl_each_tc() gave.
 */
int nl_set_filter(struct nl *nl, struct nl_tc *tc, int prog_fd);
int nl_del_filter(struct nl *nl, const struct nl_tc *tc);

#endif
