// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * rtnetlink over libmnl. A dump is read completely into memory before it is processed: so an
 * interrupted one (devices were added or removed meanwhile) can be repeated without duplicates.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/tc_act/tc_bpf.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "kern/attach/netlink.h"

#define DUMP_TRIES 16
#define MSG_ROOM 512			/* our own requests are small */
#define DATAGRAM_ROOM 32768		/* the kernel fills at most the offered size */
#define NETKIT_PRIMARY 2		/* IFLA_NETKIT_PRIMARY, newer than our headers */

int nl_open(struct nl *nl)
{
	int on = 1;

	*nl = (struct nl){ .sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC) };
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		int err = -errno;

		nl_close(nl);
		return err;
	}
	/* Optional: without them errors have no text (before 4.12). */
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

void nl_close(struct nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

/* One datagram of any size, appended to b. */
static ssize_t receive(struct nl *nl, struct buf *b)
{
	int fd = mnl_socket_get_fd(nl->sock);
	size_t room = DATAGRAM_ROOM;
	ssize_t n;

	do
		n = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n > room)
		room = (size_t)n;
	if (!buf_room(b, room))
		return b->err;
	do
		n = recv(fd, b->data + b->len, room, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* The kernel's message for an error: attributes after the (capped or whole) original request. */
static void keep_ext_ack(struct nl *nl, const struct nlmsghdr *nlh, const struct nlmsgerr *e)
{
	size_t skip = sizeof(*e);
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += e->msg.nlmsg_len > sizeof(e->msg) ? e->msg.nlmsg_len - sizeof(e->msg) : 0;
	if (mnl_nlmsg_get_payload_len(nlh) < MNL_ALIGN(skip))
		return;
	mnl_attr_for_each(attr, nlh, MNL_ALIGN(skip))
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(nl->ext_ack, sizeof(nl->ext_ack), "%.*s",
				 (int)mnl_attr_get_payload_len(attr),
				 (const char *)mnl_attr_get_payload(attr));
}

/* Error message: 0 for an acknowledgement, else the negative errno. */
static int read_error(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*e))
		return -EBADMSG;
	if (e->error)
		keep_ext_ack(nl, nlh, e);
	return e->error > 0 ? -EBADMSG : e->error;
}

static int send_request(struct nl *nl, struct nlmsghdr *nlh)
{
	nlh->nlmsg_seq = ++nl->seq;
	nl->ext_ack[0] = '\0';
	nl->lost = false;
	return mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0 ? -errno : 0;
}

/* The end of a dump contains its result. 1: success. */
static int read_done(const struct nlmsghdr *nlh)
{
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(err))
		memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	return err < 0 ? err : 1;
}

/*
 * One message of a dump: kept, or skipped if it answers another request (an earlier aborted dump).
 * Returns 0: continue; 1: that was all; or a negative errno.
 */
static int take_message(struct nl *nl, const struct nlmsghdr *nlh, struct buf *b, bool *interrupted)
{
	if (nlh->nlmsg_seq != nl->seq)
		return 0;
	*interrupted = *interrupted || (nlh->nlmsg_flags & NLM_F_DUMP_INTR);
	if (nlh->nlmsg_type == NLMSG_ERROR)
		return read_error(nl, nlh);
	if (nlh->nlmsg_type == NLMSG_DONE)
		return *interrupted ? 1 : read_done(nlh);
	buf_put(b, nlh, nlh->nlmsg_len);
	buf_fill(b, '\0', MNL_ALIGN(nlh->nlmsg_len) - nlh->nlmsg_len);
	if (b->err)
		return b->err;
	return !(nlh->nlmsg_flags & NLM_F_MULTI);	/* the single answer to a get */
}

/*
 * Reads to the end of the dump; the last datagram may contain messages, too. Returns 1 if it was
 * interrupted.
 */
static int read_dump(struct nl *nl, struct buf *b)
{
	bool interrupted = false;
	struct buf in = {};
	int ret = 0;

	while (!ret) {
		ssize_t n = receive(nl, &in);
		const struct nlmsghdr *nlh = (const void *)in.data;
		int len = (int)n;

		if (n < 0)
			ret = len;
		for (; !ret && mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
			ret = take_message(nl, nlh, b, &interrupted);
	}
	buf_free(&in);
	return ret < 0 ? ret : interrupted;
}

static int dump(struct nl *nl, struct nlmsghdr *nlh, struct buf *b)
{
	int tries, err = 0;

	for (tries = 0; tries < DUMP_TRIES; tries++) {
		b->len = 0;
		err = send_request(nl, nlh);
		if (!err)
			err = read_dump(nl, b);
		if (err <= 0)
			return err;
	}
	return -EAGAIN;
}

static struct nlmsghdr *new_request(char *room, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(room);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	return nlh;
}

static const struct nlmsghdr *first_msg(const struct buf *b)
{
	return (const void *)b->data;
}

/* Attributes by type; the last of a type is used, types above max are skipped. */
static void index_attrs(const struct nlattr *const *first_last, const struct nlattr **table,
			unsigned int max)
{
	const struct nlattr *attr = first_last[0];

	memset(table, 0, (max + 1) * sizeof(*table));
	for (; mnl_attr_ok(attr, (int)((const char *)first_last[1] - (const char *)attr));
	     attr = mnl_attr_next(attr))
		if (mnl_attr_get_type(attr) <= max)
			table[mnl_attr_get_type(attr)] = attr;
}

static void index_msg(const struct nlmsghdr *nlh, size_t offset, const struct nlattr **table,
		      unsigned int max)
{
	const struct nlattr *range[2] = { mnl_nlmsg_get_payload_offset(nlh, offset),
					  mnl_nlmsg_get_payload_tail(nlh) };

	index_attrs(range, table, max);
}

static void index_nested(const struct nlattr *nest, const struct nlattr **table, unsigned int max)
{
	const char *data = mnl_attr_get_payload(nest);
	const struct nlattr *range[2] = { (const void *)data,
					  (const void *)(data + mnl_attr_get_payload_len(nest)) };

	index_attrs(range, table, max);
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) >= 4 ? mnl_attr_get_u32(attr) : 0;
}

static uint8_t get_u8(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) ? mnl_attr_get_u8(attr) : 0;
}

static void get_str(const struct nlattr *attr, char *buf, size_t size)
{
	if (attr)
		snprintf(buf, size, "%.*s", (int)mnl_attr_get_payload_len(attr),
			 (const char *)mnl_attr_get_payload(attr));
}

/* Before 4.20 there is only the mode and one id; since then one id per mode. */
static void parse_xdp(const struct nlattr *nest, struct nl_dev *dev)
{
	const struct nlattr *t[IFLA_XDP_MAX + 1];
	uint8_t mode;

	index_nested(nest, t, IFLA_XDP_MAX);
	mode = get_u8(t[IFLA_XDP_ATTACHED]);		/* 0: none */
	dev->xdp_multi = mode == XDP_ATTACHED_MULTI;
	dev->xdp_ids[NL_XDP_GENERIC] = get_u32(t[IFLA_XDP_SKB_PROG_ID]);
	dev->xdp_ids[NL_XDP_DRIVER] = get_u32(t[IFLA_XDP_DRV_PROG_ID]);
	dev->xdp_ids[NL_XDP_OFFLOAD] = get_u32(t[IFLA_XDP_HW_PROG_ID]);
	if (mode == XDP_ATTACHED_SKB)
		dev->xdp_ids[NL_XDP_GENERIC] = get_u32(t[IFLA_XDP_PROG_ID]);
	else if (mode == XDP_ATTACHED_DRV)
		dev->xdp_ids[NL_XDP_DRIVER] = get_u32(t[IFLA_XDP_PROG_ID]);
	else if (mode == XDP_ATTACHED_HW)
		dev->xdp_ids[NL_XDP_OFFLOAD] = get_u32(t[IFLA_XDP_PROG_ID]);
}

static void parse_link_info(const struct nlattr *nest, struct nl_dev *dev)
{
	const struct nlattr *t[IFLA_INFO_DATA + 1], *own[NETKIT_PRIMARY + 1];

	index_nested(nest, t, IFLA_INFO_DATA);
	get_str(t[IFLA_INFO_KIND], dev->kind, sizeof(dev->kind));
	if (!t[IFLA_INFO_DATA] || !streq(dev->kind, "netkit"))
		return;
	index_nested(t[IFLA_INFO_DATA], own, NETKIT_PRIMARY);
	dev->netkit_primary = get_u8(own[NETKIT_PRIMARY]);
}

static bool parse_dev(const struct nlmsghdr *nlh, struct nl_dev *ret)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *t[IFLA_XDP + 1];

	if (nlh->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(nlh) < sizeof(*info))
		return false;
	*ret = (struct nl_dev){ .ifindex = (uint32_t)info->ifi_index, .flags = info->ifi_flags };
	index_msg(nlh, sizeof(*info), t, IFLA_XDP);
	get_str(t[IFLA_IFNAME], ret->name, sizeof(ret->name));
	if (!t[IFLA_LINK_NETNSID])
		ret->other = get_u32(t[IFLA_LINK]);
	if (t[IFLA_LINKINFO])
		parse_link_info(t[IFLA_LINKINFO], ret);
	if (t[IFLA_XDP])
		parse_xdp(t[IFLA_XDP], ret);
	return true;
}

int nl_each_dev(struct nl *nl, uint32_t ifindex, int (*fn)(const struct nl_dev *dev, void *data),
		void *data)
{
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh =
		new_request(room, RTM_GETLINK, NLM_F_REQUEST | (ifindex ? 0 : NLM_F_DUMP));
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	const struct nlmsghdr *msg;
	struct buf b = {};
	int err, len;

	info->ifi_family = ifindex ? AF_UNSPEC : AF_PACKET;
	info->ifi_index = (int)ifindex;
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK,
			 RTEXT_FILTER_SKIP_STATS); /* half of the kernel's work */
	err = dump(nl, nlh, &b);
	len = (int)b.len;
	for (msg = first_msg(&b); !err && mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len)) {
		struct nl_dev dev;

		if (parse_dev(msg, &dev))
			err = fn(&dev, data);
	}
	buf_free(&b);
	return err;
}

struct devs {
	struct nl_dev *all;
	size_t n, max;
};

static int keep_dev(const struct nl_dev *dev, void *data)
{
	struct devs *d = data;
	struct nl_dev *more = array_room(d->all, d->n, &d->max, sizeof(*more));

	if (!more)
		return -ENOMEM;
	d->all = more;
	d->all[d->n++] = *dev;
	return 0;
}

int nl_read_devs(struct nl *nl, uint32_t ifindex, struct nl_dev **ret_devs, size_t *ret_n)
{
	struct devs d = {};
	int err = nl_each_dev(nl, ifindex, keep_dev, &d);

	if (err) {
		free(d.all);
		return err;
	}
	*ret_devs = d.all;
	*ret_n = d.n;
	return 0;
}

static int by_ifindex(const void *a, const void *b)
{
	const struct nl_dev *x = a, *y = b;

	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

int nl_index_devs(struct nl *nl, struct nl_devs *ret)
{
	int err = nl_read_devs(nl, 0, &ret->all, &ret->n);

	if (!err && ret->n)
		qsort(ret->all, ret->n, sizeof(*ret->all), by_ifindex);
	return err;
}

const struct nl_dev *nl_find_dev(const struct nl_devs *devs, uint32_t ifindex)
{
	const struct nl_dev key = { .ifindex = ifindex };

	return devs->n ? bsearch(&key, devs->all, devs->n, sizeof(key), by_ifindex) : NULL;
}

/* False: it is of another kind. */
static bool parse_act(const struct nlattr *nest, struct nl_act *act)
{
	const struct nlattr *t[TCA_ACT_OPTIONS + 1], *o[TCA_ACT_BPF_MAX + 1];
	char kind[NL_KIND_MAX] = "";
	struct tc_act_bpf act_bpf = {};

	index_nested(nest, t, TCA_ACT_OPTIONS);
	get_str(t[TCA_ACT_KIND], kind, sizeof(kind));
	if (!streq(kind, "bpf") || !t[TCA_ACT_OPTIONS])
		return false;
	*act = (struct nl_act){};
	index_nested(t[TCA_ACT_OPTIONS], o, TCA_ACT_BPF_MAX);
	get_str(o[TCA_ACT_BPF_NAME], act->name, sizeof(act->name));
	act->prog_id = get_u32(o[TCA_ACT_BPF_ID]);
	if (o[TCA_ACT_BPF_PARMS] &&
	    mnl_attr_get_payload_len(o[TCA_ACT_BPF_PARMS]) >= sizeof(act_bpf))
		memcpy(&act_bpf, mnl_attr_get_payload(o[TCA_ACT_BPF_PARMS]), sizeof(act_bpf));
	act->index = act_bpf.index;
	act->n_filters = act_bpf.bindcnt > 0 ? (uint32_t)act_bpf.bindcnt : 0;
	return true;
}

static void parse_acts(const struct nlattr *nest, struct nl_tc *tc)
{
	const struct nlattr *one;

	mnl_attr_for_each_nested(one, nest)
		if (tc->n_acts < NL_ACTS_MAX && parse_act(one, &tc->acts[tc->n_acts]))
			tc->n_acts++;
}

static void parse_bpf_filter(const struct nlattr *nest, struct nl_tc *tc)
{
	const struct nlattr *t[TCA_BPF_MAX + 1];

	index_nested(nest, t, TCA_BPF_MAX);
	get_str(t[TCA_BPF_NAME], tc->name, sizeof(tc->name));
	tc->prog_id = get_u32(t[TCA_BPF_ID]);
	if (t[TCA_BPF_ACT])
		parse_acts(t[TCA_BPF_ACT], tc);
}

static bool parse_tc(const struct nlmsghdr *nlh, struct nl_tc *ret)
{
	const struct tcmsg *msg = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *t[TCA_CHAIN + 1];

	if (nlh->nlmsg_type != RTM_NEWQDISC && nlh->nlmsg_type != RTM_NEWTCLASS &&
	    nlh->nlmsg_type != RTM_NEWTFILTER)
		return false;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*msg))
		return false;
	*ret = (struct nl_tc){ .ifindex = (uint32_t)msg->tcm_ifindex, .handle = msg->tcm_handle,
			       .parent = msg->tcm_parent, .info = msg->tcm_info };
	index_msg(nlh, sizeof(*msg), t, TCA_CHAIN);
	ret->chain = get_u32(t[TCA_CHAIN]);
	get_str(t[TCA_KIND], ret->kind, sizeof(ret->kind));
	if (nlh->nlmsg_type == RTM_NEWTFILTER && streq(ret->kind, "bpf") && t[TCA_OPTIONS])
		parse_bpf_filter(t[TCA_OPTIONS], ret);
	return true;
}

/*
 * One datagram of the answer: returns 1 if it contained the acknowledgement; *ret_err is its
 * result.
 */
static int read_answer(struct nl *nl, const char *data, ssize_t n, struct nl_tc *echo, int *ret_err)
{
	const struct nlmsghdr *answer = (const void *)data;
	int len = (int)n;

	for (; mnl_nlmsg_ok(answer, len); answer = mnl_nlmsg_next(answer, &len)) {
		if (answer->nlmsg_seq != nl->seq)
			continue;
		if (answer->nlmsg_type == NLMSG_ERROR) {
			*ret_err = read_error(nl, answer);
			return 1;
		}
		if (echo)
			parse_tc(answer, echo);
	}
	return 0;
}

/*
 * Request with an acknowledgement. echo: not NULL, and the kernel shall return the resulting tc
 * object. The buffer for the answer is allocated before the request is sent, and nothing is
 * allocated after that: such answers are small, and a truncated part of a larger one is not needed.
 */
static int talk(struct nl *nl, struct nlmsghdr *nlh, struct nl_tc *echo)
{
	char in[DATAGRAM_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	int err;

	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK | (echo ? NLM_F_ECHO : 0);
	err = send_request(nl, nlh);
	while (!err) {
		ssize_t n = recv(mnl_socket_get_fd(nl->sock), in, sizeof(in), 0);
		int answer = 0;

		if (n >= 0 && read_answer(nl, in, n, echo, &answer)) {
			nl->lost = answer == -EBADMSG;
			return answer;
		}
		if (!n || (n < 0 && errno != EINTR)) {
			nl->lost = true;
			err = n ? -errno : -ECONNRESET;
		}
	}
	return err;
}

/* A tc request with the parent, handle and info of tc. */
static struct nlmsghdr *new_tc_request(char *room, uint16_t type, uint16_t flags,
				       const struct nl_tc *tc)
{
	struct nlmsghdr *nlh = new_request(room, type, flags);
	struct tcmsg *msg = mnl_nlmsg_put_extra_header(nlh, sizeof(*msg));

	msg->tcm_family = AF_UNSPEC;
	msg->tcm_ifindex = (int)tc->ifindex;
	msg->tcm_handle = tc->handle;
	msg->tcm_parent = tc->parent;
	msg->tcm_info = tc->info;
	return nlh;
}

int nl_each_tc(struct nl *nl, enum nl_tc_what what, uint32_t ifindex, uint32_t parent,
	       int (*fn)(const struct nl_tc *tc, void *data), void *data)
{
	static const uint16_t types[] = { [NL_QDISCS] = RTM_GETQDISC, [NL_CLASSES] = RTM_GETTCLASS,
					  [NL_FILTERS] = RTM_GETTFILTER };
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	auto_free struct nl_tc *tc = calloc(1, sizeof(*tc));	/* several kB: actions */
	const struct nlmsghdr *msg;
	struct buf b = {};
	int err, len;

	if (!tc)
		return -ENOMEM;
	tc->ifindex = ifindex;
	tc->parent = parent;
	err = dump(nl, new_tc_request(room, types[what], NLM_F_REQUEST | NLM_F_DUMP, tc), &b);
	len = (int)b.len;
	for (msg = first_msg(&b); !err && mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len))
		if (parse_tc(msg, tc) && (what != NL_QDISCS || !ifindex || tc->ifindex == ifindex))
			err = fn(tc, data); /* for a query of one device's qdiscs, the kernel
					     * returns all */
	buf_free(&b);
	return err;
}

struct qdiscs {
	struct nl_qdisc *all;
	size_t n, max;
};

static int keep_qdisc(const struct nl_tc *tc, void *data)
{
	struct qdiscs *q = data;
	struct nl_qdisc *more = array_room(q->all, q->n, &q->max, sizeof(*more));

	if (!more)
		return -ENOMEM;
	q->all = more;
	more += q->n++;
	*more = (struct nl_qdisc){ .ifindex = tc->ifindex,
				   .handle = tc->handle,
				   .parent = tc->parent };
	memcpy(more->kind, tc->kind, sizeof(more->kind));
	return 0;
}

int nl_read_qdiscs(struct nl *nl, enum nl_tc_what what, uint32_t ifindex, struct nl_qdisc **ret,
		   size_t *ret_n)
{
	struct qdiscs q = {};
	int err = nl_each_tc(nl, what, ifindex, 0, keep_qdisc, &q);

	if (err) {
		free(q.all);
		return err;
	}
	*ret = q.all;
	*ret_n = q.n;
	return 0;
}

static int change_clsact(struct nl *nl, uint16_t type, uint16_t flags, uint32_t ifindex)
{
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	auto_free struct nl_tc *tc = calloc(1, sizeof(*tc));
	struct nlmsghdr *nlh;

	if (!tc)
		return -ENOMEM;
	tc->ifindex = ifindex;
	tc->parent = TC_H_CLSACT;
	tc->handle = TC_H_MAKE(TC_H_CLSACT, 0);
	nlh = new_tc_request(room, type, flags, tc);
	mnl_attr_put_strz(nlh, TCA_KIND, "clsact");
	return talk(nl, nlh, NULL);
}

int nl_add_clsact(struct nl *nl, uint32_t ifindex)
{
	return change_clsact(nl, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex);
}

int nl_del_clsact(struct nl *nl, uint32_t ifindex)
{
	return change_clsact(nl, RTM_DELQDISC, 0, ifindex);
}

int nl_set_filter(struct nl *nl, struct nl_tc *tc, int prog_fd)
{
	char room[MSG_ROOM + NL_TEXT_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	uint16_t flags = NLM_F_CREATE | (tc->handle ? 0 : NLM_F_EXCL);
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	if (!tc->handle)
		tc->info |= htons(ETH_P_ALL);
	nlh = new_tc_request(room, RTM_NEWTFILTER, flags, tc);
	mnl_attr_put_strz(nlh, TCA_KIND, "bpf");
	if (tc->chain)
		mnl_attr_put_u32(nlh, TCA_CHAIN, tc->chain);
	nest = mnl_attr_nest_start(nlh, TCA_OPTIONS);
	mnl_attr_put_u32(nlh, TCA_BPF_FD, (uint32_t)prog_fd);
	if (tc->name[0])
		mnl_attr_put_strz(nlh, TCA_BPF_NAME, tc->name);
	mnl_attr_put_u32(nlh, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(nlh, nest);
	return talk(nl, nlh, tc);
}

int nl_del_filter(struct nl *nl, const struct nl_tc *tc)
{
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = new_tc_request(room, RTM_DELTFILTER, 0, tc);

	mnl_attr_put_strz(nlh, TCA_KIND, tc->kind);
	if (tc->chain)
		mnl_attr_put_u32(nlh, TCA_CHAIN, tc->chain);
	return talk(nl, nlh, NULL);
}

int nl_set_xdp(struct nl *nl, uint32_t ifindex, int prog_fd, uint32_t flags, int expected_fd)
{
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = new_request(room, RTM_SETLINK, 0);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	struct nlattr *nest;

	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)ifindex;
	nest = mnl_attr_nest_start(nlh, IFLA_XDP);
	mnl_attr_put_u32(nlh, IFLA_XDP_FD, (uint32_t)prog_fd);
	if (flags)
		mnl_attr_put_u32(nlh, IFLA_XDP_FLAGS, flags);
	if (flags & XDP_FLAGS_REPLACE)
		mnl_attr_put_u32(nlh, IFLA_XDP_EXPECTED_FD, (uint32_t)expected_fd);
	mnl_attr_nest_end(nlh, nest);
	return talk(nl, nlh, NULL);
}

/* "bpf", and an index if nonzero, as the first of a list of actions. */
static void put_action(struct nlmsghdr *nlh, uint32_t index)
{
	struct nlattr *list = mnl_attr_nest_start(nlh, TCA_ACT_TAB);
	struct nlattr *first = mnl_attr_nest_start(nlh, 1);

	mnl_attr_put_strz(nlh, TCA_ACT_KIND, "bpf");
	if (index)
		mnl_attr_put_u32(nlh, TCA_ACT_INDEX, index);
	mnl_attr_nest_end(nlh, first);
	mnl_attr_nest_end(nlh, list);
}

static int visit_actions(const struct nlmsghdr *nlh,
			 int (*fn)(const struct nl_act *act, void *data), void *data)
{
	const struct nlattr *t[TCA_ACT_TAB + 1], *one;
	struct nl_act act;
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct tcamsg))
		return 0;
	index_msg(nlh, sizeof(struct tcamsg), t, TCA_ACT_TAB);
	if (!t[TCA_ACT_TAB])
		return 0;
	mnl_attr_for_each_nested(one, t[TCA_ACT_TAB])
		if (!err && parse_act(one, &act))
			err = fn(&act, data);
	return err;
}

int nl_each_action(struct nl *nl, int (*fn)(const struct nl_act *act, void *data), void *data)
{
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = new_request(room, RTM_GETACTION, NLM_F_REQUEST | NLM_F_DUMP);
	struct tcamsg *msg = mnl_nlmsg_put_extra_header(nlh, sizeof(*msg));
	struct buf b = {};
	int err, len;

	msg->tca_family = AF_UNSPEC;
	put_action(nlh, 0);
	err = dump(nl, nlh, &b);
	nlh = (void *)b.data;
	len = (int)b.len;
	for (; !err && mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		if (nlh->nlmsg_type == RTM_GETACTION || nlh->nlmsg_type == RTM_NEWACTION)
			err = visit_actions(nlh, fn, data);
	buf_free(&b);
	return err;
}

int nl_del_action(struct nl *nl, uint32_t index)
{
	char room[MSG_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = new_request(room, RTM_DELACTION, 0);
	struct tcamsg *msg = mnl_nlmsg_put_extra_header(nlh, sizeof(*msg));

	msg->tca_family = AF_UNSPEC;
	put_action(nlh, index);
	return talk(nl, nlh, NULL);
}
