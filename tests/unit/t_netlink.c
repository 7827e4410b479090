// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * kern/attach/netlink.c with a mock kernel at the other end of a socket pair: dumps in several
 * parts, interrupted, mixed with other messages, corrupted; errors with messages; devices with
 * programs in several modes and filters with actions, which few machines support.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <libmnl/libmnl.h>

#include "kern/attach/netlink.h"
#include "kern/attach/tc_filters.h"
#include "tap.h"

#define ROOM (512 * 1024)

/* A datagram to be sent to the client. */
struct reply {
	int fd;
	uint32_t seq;
	char *data;
	size_t len;
};

/* The mock kernel's answer to the n-th request. */
typedef void (*server)(struct reply *r, int n, const struct nlmsghdr *request);

static void flush(struct reply *r)
{
	if (send(r->fd, r->data, r->len, 0) < 0)
		_exit(1);
	r->len = 0;
}

static struct nlmsghdr *begin(struct reply *r, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(r->data + r->len);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = r->seq;
	return nlh;
}

static void end(struct reply *r, const struct nlmsghdr *nlh)
{
	r->len += MNL_ALIGN(nlh->nlmsg_len);
}

static void done(struct reply *r, uint16_t flags)
{
	struct nlmsghdr *nlh = begin(r, NLMSG_DONE, NLM_F_MULTI | flags);
	int *error = mnl_nlmsg_put_extra_header(nlh, sizeof(*error));

	*error = 0;
	end(r, nlh);
	flush(r);
}

/* Starts the mock kernel in a child; returns its pid, and nl connected to it. */
static pid_t serve(struct nl *nl, server answer)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		return -1;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct reply r = { .fd = pair[1], .data = malloc(ROOM) };
		char request[1024] __attribute__((aligned(4)));

		close(pair[0]);
		for (int n = 0; recv(r.fd, request, sizeof(request), 0) > 0; n++) {
			r.seq = ((struct nlmsghdr *)request)->nlmsg_seq;
			answer(&r, n, (struct nlmsghdr *)request);
		}
		_exit(0);
	}
	close(pair[1]);
	*nl = (struct nl){ .sock = mnl_socket_fdopen(pair[0]) };
	return pid;
}

static void finish(struct nl *nl, pid_t pid)
{
	nl_close(nl);
	waitpid(pid, NULL, 0);
}

/* --- devices --- */

struct dev_spec {
	int index;
	const char *name, *kind;
	uint8_t mode;
	uint32_t id, skb, drv, hw;
};

static void put_id(struct nlmsghdr *nlh, uint16_t type, uint32_t id)
{
	if (id)
		mnl_attr_put_u32(nlh, type, id);
}

static void put_dev(struct reply *r, const struct dev_spec *d, uint16_t flags)
{
	struct nlmsghdr *nlh = begin(r, RTM_NEWLINK, flags);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	struct nlattr *nest;

	info->ifi_index = d->index;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, d->name);
	if (d->kind) {
		nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
		mnl_attr_put_strz(nlh, IFLA_INFO_KIND, d->kind);
		mnl_attr_nest_end(nlh, nest);
	}
	nest = mnl_attr_nest_start(nlh, IFLA_XDP);
	mnl_attr_put_u8(nlh, IFLA_XDP_ATTACHED, d->mode);
	put_id(nlh, IFLA_XDP_PROG_ID, d->id);
	put_id(nlh, IFLA_XDP_SKB_PROG_ID, d->skb);
	put_id(nlh, IFLA_XDP_DRV_PROG_ID, d->drv);
	put_id(nlh, IFLA_XDP_HW_PROG_ID, d->hw);
	mnl_attr_nest_end(nlh, nest);
	end(r, nlh);
}

static const struct dev_spec devs[] = {
	{ .index = 1, .name = "lo" },
	{ .index = 2, .name = "drv", .kind = "veth", .mode = XDP_ATTACHED_DRV, .id = 5, .drv = 5 },
	{ .index = 3, .name = "multi", .mode = XDP_ATTACHED_MULTI, .skb = 6, .hw = 8 },
	{ .index = 4, .name = "old-generic", .mode = XDP_ATTACHED_SKB, .id = 9 },
	{ .index = 5, .name = "old-offload", .mode = XDP_ATTACHED_HW, .id = 10 },
};

/* All of them, with messages for another client in between, in two datagrams. */
static void put_devs(struct reply *r, uint16_t flags)
{
	for (size_t i = 0; i < ARRAY_SIZE(devs); i++) {
		put_dev(r, &devs[i], NLM_F_MULTI | flags);
		if (i == 2) {
			r->seq--;
			put_dev(r, &devs[0], NLM_F_MULTI);
			r->seq++;
			flush(r);
		}
	}
	flush(r);
}

struct seen {
	struct nl_dev devs[64];
	size_t n;
};

static int keep(const struct nl_dev *dev, void *data)
{
	struct seen *s = data;

	if (s->n < ARRAY_SIZE(s->devs))
		s->devs[s->n] = *dev;
	s->n++;
	return 0;
}

static void serve_devs(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	put_devs(r, 0);
	done(r, 0);
}

static void check_modes(const struct nl_dev *dev, bool multi, const uint32_t *ids)
{
	ok(dev->xdp_multi == multi && !memcmp(dev->xdp_ids, ids, sizeof(dev->xdp_ids)),
	   "%s: generic %u, driver %u, offload %u", dev->name, ids[0], ids[1], ids[2]);
}

static void test_devs(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_devs);
	struct seen s = {};

	is_int(nl_each_dev(&nl, 0, keep, &s), 0, "a dump in several datagrams");
	is_int((long long)s.n, ARRAY_SIZE(devs), "each device once, others' answers passed over");
	is_str(s.devs[1].name, "drv", "names");
	is_str(s.devs[1].kind, "veth", "kinds");
	is_int(s.devs[4].ifindex, 5, "indexes");
	check_modes(&s.devs[0], false, (uint32_t[]){ 0, 0, 0 });
	check_modes(&s.devs[1], false, (uint32_t[]){ 0, 5, 0 });
	check_modes(&s.devs[2], true, (uint32_t[]){ 6, 0, 8 });
	check_modes(&s.devs[3], false, (uint32_t[]){ 9, 0, 0 });
	check_modes(&s.devs[4], false, (uint32_t[]){ 0, 0, 10 });
	finish(&nl, pid);
}

/* Kernels return them in the order of a hash. */
static void serve_backwards(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	for (size_t i = ARRAY_SIZE(devs); i; i--)
		put_dev(r, &devs[i - 1], NLM_F_MULTI);
	done(r, 0);
}

static void test_index(void)
{
	struct nl_devs index = {};
	const struct nl_dev *dev;
	struct nl nl;
	pid_t pid = serve(&nl, serve_backwards);

	ok(!nl_find_dev(&index, 1), "an index of nothing");
	is_int(nl_index_devs(&nl, &index), 0, "devices as an index");
	for (size_t i = 0; i < ARRAY_SIZE(devs); i++) {
		dev = nl_find_dev(&index, (uint32_t)devs[i].index);
		is_str(dev ? dev->name : NULL, devs[i].name, "one by its number");
	}
	ok(!nl_find_dev(&index, 6) && !nl_find_dev(&index, 0), "numbers that no device has");
	free(index.all);
	finish(&nl, pid);
}

static void serve_interrupted(struct reply *r, int n, UNUSED const struct nlmsghdr *request)
{
	put_devs(r, n < 2 ? NLM_F_DUMP_INTR : 0);
	done(r, 0);
}

/* Only the last message contains it. */
static void serve_interrupted_late(struct reply *r, int n, UNUSED const struct nlmsghdr *request)
{
	put_devs(r, 0);
	done(r, n < 1 ? NLM_F_DUMP_INTR : 0);
}

static void serve_never_whole(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	put_devs(r, NLM_F_DUMP_INTR);
	done(r, 0);
}

static void test_interrupted(server answer, int want, size_t n, const char *text)
{
	struct nl nl;
	pid_t pid = serve(&nl, answer);
	struct seen s = {};
	int err = nl_each_dev(&nl, 0, keep, &s);

	ok(err == want && s.n == n, "%s (%d, %zu devices)", text, err, s.n);
	finish(&nl, pid);
}

static void serve_one(struct reply *r, int n, const struct nlmsghdr *request)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(request);
	struct dev_spec d = devs[1];

	d.index = info->ifi_index;
	if (n || (request->nlmsg_flags & NLM_F_DUMP))
		_exit(1);
	put_dev(r, &d, 0);
	flush(r);
}

static void test_one(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_one);
	struct seen s = {};

	is_int(nl_each_dev(&nl, 77, keep, &s), 0, "one device: asked for alone");
	ok(s.n == 1 && s.devs[0].ifindex == 77, "and answered alone");
	finish(&nl, pid);
}

static int stop(UNUSED const struct nl_dev *dev, void *data)
{
	return ++*(int *)data == 2 ? -ECANCELED : 0;
}

static void test_stop(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_devs);
	int calls = 0;

	is_int(nl_each_dev(&nl, 0, stop, &calls), -ECANCELED, "the callback's answer is returned");
	is_int(calls, 2, "and ends it");
	finish(&nl, pid);
}

#define N_BIG 4000

static void serve_big(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	int type = 64 * 1024;

	setsockopt(r->fd, SOL_SOCKET, SO_SNDBUF, &type, sizeof(type));
	for (int i = 0; i < N_BIG; i++) {
		struct dev_spec d = devs[1];

		d.index = i + 1;
		put_dev(r, &d, NLM_F_MULTI);
		if (r->len > 60 * 1024)
			flush(r);
	}
	done(r, 0);
}

static void test_big(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_big);
	struct seen s = {};

	is_int(nl_each_dev(&nl, 0, keep, &s), 0, "datagrams of 60 kB");
	is_int((long long)s.n, N_BIG, "nothing is lost");
	finish(&nl, pid);
}

/* --- refusals --- */

/* With the request (capped: only its header), followed by a message. */
static void refuse(struct reply *r, const struct nlmsghdr *request, bool capped, const char *words)
{
	uint16_t flags = (words ? NLM_F_ACK_TLVS : 0) | (capped ? NLM_F_CAPPED : 0);
	struct nlmsghdr *nlh = begin(r, NLMSG_ERROR, flags);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	e->error = words ? -EBUSY : 0;
	e->msg = *request;
	if (!capped)
		memcpy(mnl_nlmsg_put_extra_header(nlh, request->nlmsg_len - sizeof(*request)),
		       request + 1, request->nlmsg_len - sizeof(*request));
	if (words) {
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, 44);
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, words);
	}
	end(r, nlh);
	flush(r);
}

static void serve_words(struct reply *r, int n, const struct nlmsghdr *request)
{
	static char much[2000];

	memset(much, 'x', sizeof(much) - 1);
	refuse(r, request, n != 1, n == 3 ? NULL : n == 2 ? much : "no room for another");
}

static void test_words(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_words);

	for (int i = 0; i < 2; i++) {
		is_int(nl_set_xdp(&nl, 2, 5, XDP_FLAGS_UPDATE_IF_NOEXIST, -1), -EBUSY,
		       i ? "refused, with the whole request" : "refused");
		is_str(nl.ext_ack, "no room for another", "the kernel's words");
	}
	is_int(nl_set_xdp(&nl, 2, 5, 0, -1), -EBUSY, "refused with more words than anybody reads");
	is_int((long long)strlen(nl.ext_ack), NL_TEXT_MAX - 1, "they are cut");
	is_int(nl_set_xdp(&nl, 2, -1, 0, -1), 0, "acknowledged");
	is_str(nl.ext_ack, "", "no words remain");
	finish(&nl, pid);
}

/* The contents of the request; the exit status of the child is the result. */
static void serve_request(struct reply *r, UNUSED int n, const struct nlmsghdr *request)
{
	const struct nlattr *attr, *sub;
	uint32_t got[IFLA_XDP_MAX + 1] = {};

	mnl_attr_for_each(attr, request, sizeof(struct ifinfomsg))
		if (mnl_attr_get_type(attr) == IFLA_XDP)
			mnl_attr_for_each_nested(sub, attr)
				got[mnl_attr_get_type(sub)] = mnl_attr_get_u32(sub);
	if (request->nlmsg_type != RTM_SETLINK || got[IFLA_XDP_FD] != 5 ||
	    got[IFLA_XDP_EXPECTED_FD] != 6 ||
	    got[IFLA_XDP_FLAGS] != (XDP_FLAGS_DRV_MODE | XDP_FLAGS_REPLACE))
		refuse(r, request, true, "wrong request");
	else
		refuse(r, request, true, NULL);
}

static void test_request(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_request);

	is_int(nl_set_xdp(&nl, 2, 5, XDP_FLAGS_DRV_MODE | XDP_FLAGS_REPLACE, 6), 0,
	       "program, mode and the one to replace are asked for");
	finish(&nl, pid);
}

/* --- filters --- */

static void put_act(struct nlmsghdr *nlh, uint16_t order, const char *kind, const char *name,
		    uint32_t id)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, order), *opts;

	mnl_attr_put_strz(nlh, TCA_ACT_KIND, kind);
	opts = mnl_attr_nest_start(nlh, TCA_ACT_OPTIONS);
	if (name)
		mnl_attr_put_str(nlh, TCA_ACT_BPF_NAME, name);	/* without NUL */
	mnl_attr_put_u32(nlh, TCA_ACT_BPF_ID, id);
	mnl_attr_nest_end(nlh, opts);
	mnl_attr_nest_end(nlh, nest);
}

static void put_filter(struct reply *r, const char *kind, const char *name, uint32_t id)
{
	struct nlmsghdr *nlh = begin(r, RTM_NEWTFILTER, NLM_F_MULTI);
	struct tcmsg *msg = mnl_nlmsg_put_extra_header(nlh, sizeof(*msg));
	struct nlattr *opts, *acts;

	msg->tcm_ifindex = 3;
	msg->tcm_handle = 1;
	msg->tcm_parent = 0x10000;
	mnl_attr_put_strz(nlh, TCA_KIND, kind);
	opts = mnl_attr_nest_start(nlh, TCA_OPTIONS);
	mnl_attr_put_str(nlh, TCA_BPF_NAME, name);
	mnl_attr_put_u32(nlh, TCA_BPF_ID, id);
	acts = mnl_attr_nest_start(nlh, TCA_BPF_ACT);
	put_act(nlh, 1, "bpf", "first", 21);
	put_act(nlh, 2, "gact", "no program", 0);
	put_act(nlh, 3, "bpf", NULL, 22);
	mnl_attr_nest_end(nlh, acts);
	mnl_attr_nest_end(nlh, opts);
	end(r, nlh);
}

static void serve_filters(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	put_filter(r, "bpf", "filter", 11);
	put_filter(r, "u32", "not ours", 12);
	done(r, 0);
}

struct filters {
	struct nl_tc all[4];
	size_t n;
};

static int keep_filter(const struct nl_tc *tc, void *data)
{
	struct filters *f = data;

	if (f->n < ARRAY_SIZE(f->all))
		f->all[f->n] = *tc;
	f->n++;
	return 0;
}

static void test_filters(void)
{
	static struct filters f;
	struct nl nl;
	pid_t pid = serve(&nl, serve_filters);

	is_int(nl_each_tc(&nl, NL_FILTERS, 3, 0x10000, keep_filter, &f), 0, "filters");
	is_int((long long)f.n, 2, "of any kind");
	ok(f.all[0].prog_id == 11 && streq(f.all[0].name, "filter"), "the program and its name");
	is_int(f.all[0].n_acts, 2, "its BPF actions, not the others");
	ok(f.all[0].acts[0].prog_id == 21 && streq(f.all[0].acts[0].name, "first"),
	   "one with a name");
	ok(f.all[0].acts[1].prog_id == 22 && !f.all[0].acts[1].name[0], "one without");
	ok(f.all[1].prog_id == 0 && !f.all[1].n_acts, "a filter of another kind is no program");
	finish(&nl, pid);
}

static void test_qdiscs(void)
{
	struct nl_qdisc *all = NULL;
	struct nl nl;
	pid_t pid = serve(&nl, serve_filters);
	size_t n = 0;

	is_int(nl_read_qdiscs(&nl, NL_QDISCS, 0, &all, &n), 0, "qdiscs as an array");
	ok(n == 2 && streq(all[0].kind, "bpf") && streq(all[1].kind, "u32"), "all, by their kinds");
	free(all);
	finish(&nl, pid);
}

/* A class 5:1 and, at every parent, one filter. */
static void serve_places(struct reply *r, UNUSED int n, const struct nlmsghdr *request)
{
	struct nlmsghdr *nlh;
	struct tcmsg *msg;

	if (request->nlmsg_type == RTM_GETTFILTER) {
		put_filter(r, "bpf", "filter", 11);
	} else {
		nlh = begin(r, RTM_NEWTCLASS, NLM_F_MULTI);
		msg = mnl_nlmsg_put_extra_header(nlh, sizeof(*msg));
		msg->tcm_ifindex = 3;
		msg->tcm_handle = 0x50001;
		mnl_attr_put_strz(nlh, TCA_KIND, "htb");
		end(r, nlh);
	}
	done(r, 0);
}

struct places {
	char text[256];
};

static int keep_place(UNUSED const struct nl_tc *tc, const struct tc_place *at, void *data)
{
	struct places *p = data;
	size_t len = strlen(p->text);

	snprintf(p->text + len, sizeof(p->text) - len, "%s %x,", at->kind, at->parent);
	return 0;
}

static void test_places(void)
{
	static const struct nl_qdisc qdiscs[] = {
		{ 3, 0x20000, TC_H_ROOT, "noqueue" }, { 3, 0x30000, TC_H_ROOT, "cake" },
		{ 3, 0x40000, 0, "fq_pie" },	      { 3, 0, TC_H_ROOT, "fq_codel" },
		{ 3, 0, 0x10001, "fq_codel" },	      { 3, 0x10000, TC_H_ROOT, "mq" },
		{ 4, 0x70000, TC_H_ROOT, "cake" },    { 3, 0xffff0000, TC_H_CLSACT, "clsact" },
		{ 3, 0x50000, TC_H_ROOT, "htb" },     { 3, 0x60000, 0x50001, "htb" },
	};
	struct places p = {};
	struct nl nl;
	pid_t pid = serve(&nl, serve_places);

	is_int(tc_each_filter(&nl, 3, qdiscs, ARRAY_SIZE(qdiscs), keep_place, &p), 0,
	       "where filters can be");
	is_str(p.text,
	       "htb 50001,cake 30000,fq_pie 40000,fq_codel 0,clsact/ingress fffffff2,clsact/egress "
	       "fffffff3,"
	       "htb 50000,htb 60000,",
	       "each place once, and no other");
	finish(&nl, pid);
}

/* A change is requested, and the kernel does not answer any more. */
static void serve_nothing(UNUSED struct reply *r, UNUSED int n,
			  UNUSED const struct nlmsghdr *request)
{
	_exit(0);
}

static void test_lost(void)
{
	struct nl nl;
	pid_t pid = serve(&nl, serve_nothing);

	ok(nl_del_clsact(&nl, 3) < 0 && nl.lost, "an answer that does not come is lost");
	finish(&nl, pid);
}

/* --- netkit pairs: which device is the primary one --- */

/* other: the index of the peer, in our namespace or, if given, in another. */
static void put_netkit(struct reply *r, const char *kind, const void *data, uint16_t len,
		       uint32_t other, bool elsewhere)
{
	struct nlmsghdr *nlh = begin(r, RTM_NEWLINK, NLM_F_MULTI);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	struct nlattr *nest, *own;

	info->ifi_index = 7;
	info->ifi_flags = IFF_UP;
	if (other)
		mnl_attr_put_u32(nlh, IFLA_LINK, other);
	if (elsewhere)
		mnl_attr_put_u32(nlh, IFLA_LINK_NETNSID, 0);
	nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, kind);
	own = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put(nlh, 2, len, data);
	mnl_attr_nest_end(nlh, own);
	mnl_attr_nest_end(nlh, nest);
	end(r, nlh);
}

static void serve_netkit(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	put_netkit(r, "netkit", "\1", 1, 8, false);
	put_netkit(r, "netkit", "\0", 1, 8, true);
	put_netkit(r, "netkit", "", 0, 0, false);
	put_netkit(r, "veth", "\1", 1, 0, false);
	done(r, 0);
}

static void test_netkit(void)
{
	struct nl_dev *found = NULL;
	struct nl nl;
	pid_t pid = serve(&nl, serve_netkit);
	size_t n = 0;

	is_int(nl_read_devs(&nl, 0, &found, &n), 0, "devices as an array");
	is_int((long long)n, 4, "all of them");
	if (n == 4)
		ok(found[0].netkit_primary && !found[1].netkit_primary &&
			   !found[2].netkit_primary && !found[3].netkit_primary,
		   "one is the primary device of a netkit pair");
	ok(n && (found[0].flags & IFF_UP), "flags");
	ok(n > 2 && found[0].other == 8 && !found[1].other && !found[2].other,
	   "the other end, if it is here");
	free(found);
	finish(&nl, pid);
}

/* --- a dump that ends badly, after something --- */

static void serve_bad_end(struct reply *r, UNUSED int n, UNUSED const struct nlmsghdr *request)
{
	struct nlmsghdr *nlh;
	int *error;

	put_dev(r, &devs[1], NLM_F_MULTI);
	nlh = begin(r, NLMSG_DONE, NLM_F_MULTI);
	error = mnl_nlmsg_put_extra_header(nlh, sizeof(*error));
	*error = n ? 0 : -ENOBUFS;
	nlh->nlmsg_len -= n ? 4 : 0;		/* old kernels: nothing after the header */
	end(r, nlh);
	flush(r);
}

static void test_bad_end(void)
{
	struct nl_dev *found = NULL;
	struct seen s = {};
	struct nl nl;
	pid_t pid = serve(&nl, serve_bad_end);
	size_t n = 5;

	is_int(nl_read_devs(&nl, 0, &found, &n), -ENOBUFS, "how a dump ended is heard");
	ok(!found && n == 5, "and nothing half is handed out");
	is_int(nl_each_dev(&nl, 0, keep, &s), 0, "an end without a number is a good one");
	finish(&nl, pid);
}

/* --- changing filters --- */

/* The mock kernel: shows what it received by its answer: handle 9, priority 300. */
static void serve_set(struct reply *r, int n, const struct nlmsghdr *request)
{
	const struct tcmsg *got = mnl_nlmsg_get_payload(request);
	const struct nlattr *attr, *sub;
	uint32_t fd = 0, flags = 0, chain = 0;
	struct nlmsghdr *nlh;
	struct tcmsg *msg;

	mnl_attr_for_each(attr, request, sizeof(*got)) {
		if (mnl_attr_get_type(attr) == TCA_CHAIN)
			chain = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) != TCA_OPTIONS)
			continue;
		mnl_attr_for_each_nested(sub, attr) {
			fd = mnl_attr_get_type(sub) == TCA_BPF_FD ? mnl_attr_get_u32(sub) : fd;
			flags = mnl_attr_get_type(sub) == TCA_BPF_FLAGS ? mnl_attr_get_u32(sub)
									: flags;
		}
	}
	if (request->nlmsg_type != RTM_NEWTFILTER || fd != 5 || flags != TCA_BPF_FLAG_ACT_DIRECT ||
	    !(request->nlmsg_flags & NLM_F_ECHO) ||
	    !(request->nlmsg_flags & NLM_F_EXCL) != (n == 1) ||
	    got->tcm_handle != (n == 1 ? 9U : 0U) || chain != (n == 1 ? 2U : 0U)) {
		refuse(r, request, true, "wrong request");
		return;
	}
	nlh = begin(r, RTM_NEWTFILTER, 0);
	msg = mnl_nlmsg_put_extra_header(nlh, sizeof(*msg));
	msg->tcm_handle = 9;
	msg->tcm_info = 300U << 16 | (got->tcm_info & 0xffff);
	mnl_attr_put_strz(nlh, TCA_KIND, "bpf");
	end(r, nlh);
	if (n == 1)
		flush(r);			/* together with the acknowledgement, or not */
	refuse(r, request, true, NULL);
}

static void test_set_filter(void)
{
	static struct nl_tc tc;
	struct nl nl;
	pid_t pid = serve(&nl, serve_set);

	tc = (struct nl_tc){ .ifindex = 3, .name = "name" };
	is_int(nl_set_filter(&nl, &tc, 5), 0, "a new filter");
	ok(tc.handle == 9 && nl_tc_prio(&tc) == 300, "what it got: handle %u, priority %u",
	   tc.handle, nl_tc_prio(&tc));
	tc.chain = 2;
	is_int(nl_set_filter(&nl, &tc, 5), 0, "another program for a filter of another chain");
	is_int(nl_set_filter(&nl, &tc, 6), -EBUSY, "refused");
	is_str(nl.ext_ack, "wrong request", "with the kernel's words");
	finish(&nl, pid);
}

/* --- rubbish: nothing may be read that is not there (make dev) --- */

static uint32_t dice(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/*
 * Changes bytes of the messages, including lengths of attributes; headers of messages are
 * unchanged.
 */
static void serve_rubbish(struct reply *r, int n, UNUSED const struct nlmsghdr *request)
{
	uint32_t state = (uint32_t)n;
	size_t hits = dice(&state) % 8 + 1;

	if (n % 2)
		put_filter(r, "bpf", "filter", 11);
	else
		put_dev(r, &devs[n / 2 % ARRAY_SIZE(devs)], NLM_F_MULTI);
	while (hits--) {
		size_t at =
			sizeof(struct nlmsghdr) + dice(&state) % (r->len - sizeof(struct nlmsghdr));

		r->data[at] = (char)(dice(&state) % 3 ? dice(&state) % 16 : dice(&state));
	}
	flush(r);
	done(r, 0);
}

static void test_rubbish(void)
{
	static struct filters f;
	struct seen s = {};
	struct nl nl;
	pid_t pid = serve(&nl, serve_rubbish);
	int bad = 0;

	for (int i = 0; i < 4000; i++) {
		f.n = s.n = 0;
		if (i % 2)
			bad += nl_each_tc(&nl, NL_FILTERS, 3, 0, keep_filter, &f) != 0;
		else
			bad += nl_each_dev(&nl, 0, keep, &s) != 0;
		bad += strnlen(s.devs[0].name, IF_NAMESIZE) == IF_NAMESIZE;
		bad += f.all[0].n_acts > NL_ACTS_MAX;
	}
	is_int(bad, 0, "mangled attributes do no harm");
	finish(&nl, pid);
}

/* A message shorter than its own header, an error shorter than an error, an empty one. */
static void serve_short(struct reply *r, int n, UNUSED const struct nlmsghdr *request)
{
	struct nlmsghdr *nlh = begin(r, n ? RTM_NEWLINK : NLMSG_ERROR, NLM_F_MULTI);

	nlh->nlmsg_len = sizeof(*nlh) + (n ? 0 : 2);
	end(r, nlh);
	flush(r);
	if (n)
		done(r, 0);
}

static void test_short(void)
{
	struct seen s = {};
	struct nl nl;
	pid_t pid = serve(&nl, serve_short);

	is_int(nl_each_dev(&nl, 0, keep, &s), -EBADMSG, "an error that is cut");
	is_int(nl_each_dev(&nl, 0, keep, &s), 0, "a message without contents");
	is_int((long long)s.n, 0, "is no device");
	finish(&nl, pid);
}

int main(void)
{
	signal(SIGALRM, SIG_DFL);
	alarm(60);
	test_devs();
	test_index();
	test_interrupted(serve_interrupted, 0, ARRAY_SIZE(devs),
			 "interrupted twice: asked again, no repeats");
	test_interrupted(serve_interrupted_late, 0, ARRAY_SIZE(devs),
			 "interrupted at the very end");
	test_interrupted(serve_never_whole, -EAGAIN, 0,
			 "always interrupted: an error, nothing half");
	test_one();
	test_stop();
	test_big();
	test_words();
	test_request();
	test_filters();
	test_qdiscs();
	test_places();
	test_lost();
	test_netkit();
	test_bad_end();
	test_set_filter();
	test_rubbish();
	test_short();
	return tap_done();
}
