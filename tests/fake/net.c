// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Network devices of the fixture: rtnetlink on a socket pair, answered while the request is being
 * sent, and the chains returned by bpf(2). For devices and modes that the test machine's kernel
 * cannot create.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define MAX_FD 1024
#define ROOM 65536

static int peers[MAX_FD];		/* by fd: the kernel's end, 0: a real socket */

struct message {
	char data[ROOM] __attribute__((aligned(4)));
	size_t len;
};

static struct nlmsghdr *begin(struct message *m, const struct nlmsghdr *request, int type,
			      size_t extra)
{
	struct nlmsghdr *nlh = (void *)(m->data + m->len);

	memset(nlh, 0, NLMSG_LENGTH(extra));
	nlh->nlmsg_type = type;
	nlh->nlmsg_seq = request->nlmsg_seq;
	nlh->nlmsg_flags = request->nlmsg_flags & NLM_F_DUMP ? NLM_F_MULTI : 0;
	nlh->nlmsg_len = NLMSG_LENGTH(extra);
	return nlh;
}

static void end(struct message *m, const struct nlmsghdr *nlh)
{
	m->len += NLMSG_ALIGN(nlh->nlmsg_len);
}

static struct nlattr *put(struct nlmsghdr *nlh, int type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)((char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy(attr + 1, data, len);
	nlh->nlmsg_len = NLMSG_ALIGN(nlh->nlmsg_len) + NLMSG_ALIGN(attr->nla_len);
	return attr;
}

static void put_u32(struct nlmsghdr *nlh, int type, uint32_t n)
{
	put(nlh, type, &n, sizeof(n));
}

static void put_text(struct nlmsghdr *nlh, int type, const char *text)
{
	put(nlh, type, text, strlen(text) + 1);
}

static void close_nest(struct nlmsghdr *nlh, struct nlattr *nest)
{
	nest->nla_len = (char *)nlh + nlh->nlmsg_len - (char *)nest;
}

static uint32_t number(const char *text)
{
	return strtoul(text, NULL, 0);
}

/* "driver:7,generic:8" */
static void put_xdp(struct nlmsghdr *nlh, const char *text)
{
	static const struct { const char *word; uint8_t mode; int type; } modes[] = {
		{ "driver", XDP_ATTACHED_DRV, IFLA_XDP_DRV_PROG_ID },
		{ "generic", XDP_ATTACHED_SKB, IFLA_XDP_SKB_PROG_ID },
		{ "offload", XDP_ATTACHED_HW, IFLA_XDP_HW_PROG_ID },
	};
	struct nlattr *nest = put(nlh, IFLA_XDP, "", 0);
	uint8_t attached = XDP_ATTACHED_NONE;
	uint32_t id = 0;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const char *at = strstr(text, modes[i].word);

		if (!at)
			continue;
		attached = attached ? XDP_ATTACHED_MULTI : modes[i].mode;
		id = number(at + strlen(modes[i].word) + 1);
		put_u32(nlh, modes[i].type, id);
	}
	put(nlh, IFLA_XDP_ATTACHED, &attached, 1);
	if (attached && attached != XDP_ATTACHED_MULTI)
		put_u32(nlh, IFLA_XDP_PROG_ID, id);
	close_nest(nlh, nest);
}

/* dev INDEX NAME KIND FLAGS XDP */
static void put_dev(struct message *m, const struct nlmsghdr *request, char *const *w)
{
	struct nlmsghdr *nlh = begin(m, request, RTM_NEWLINK, sizeof(struct ifinfomsg));
	struct ifinfomsg *info = NLMSG_DATA(nlh);
	struct nlattr *nest, *own;
	uint8_t primary = !!strstr(w[3], "primary");

	info->ifi_index = number(w[0]);
	info->ifi_flags =
		(strstr(w[3], "up") ? IFF_UP : 0) | (strstr(w[3], "loopback") ? IFF_LOOPBACK : 0);
	put_text(nlh, IFLA_IFNAME, w[1]);
	if (strcmp(w[2], "-")) {
		nest = put(nlh, IFLA_LINKINFO, "", 0);
		put_text(nlh, IFLA_INFO_KIND, w[2]);
		own = put(nlh, IFLA_INFO_DATA, "", 0);
		put(nlh, 2, &primary, 1);
		close_nest(nlh, own);
		close_nest(nlh, nest);
	}
	put_xdp(nlh, w[4]);
	end(m, nlh);
}

/* "name:8,:9": actions, or "-" */
static void put_acts(struct nlmsghdr *nlh, char *text)
{
	struct nlattr *list, *one, *options;
	char *save = NULL;
	int order = 0;

	list = put(nlh, TCA_BPF_ACT, "", 0);
	for (char *act = strtok_r(text, ",", &save); act; act = strtok_r(NULL, ",", &save)) {
		char *colon = strchr(act, ':');

		one = put(nlh, ++order, "", 0);
		put_text(nlh, TCA_ACT_KIND, "bpf");
		options = put(nlh, TCA_ACT_OPTIONS, "", 0);
		*colon = '\0';
		if (*act)
			put_text(nlh, TCA_ACT_BPF_NAME, act);
		put_u32(nlh, TCA_ACT_BPF_ID, number(colon + 1));
		close_nest(nlh, options);
		close_nest(nlh, one);
	}
	close_nest(nlh, list);
}

/* tc qdisc|class|filter INDEX PARENT HANDLE KIND NAME PROG ACTS */
static void put_tc(struct message *m, const struct nlmsghdr *request, char *const *w)
{
	int type = w[0][0] == 'q' ? RTM_NEWQDISC : w[0][0] == 'c' ? RTM_NEWTCLASS : RTM_NEWTFILTER;
	struct nlmsghdr *nlh = begin(m, request, type, sizeof(struct tcmsg));
	struct tcmsg *msg = NLMSG_DATA(nlh);
	struct nlattr *nest;
	char acts[256];

	msg->tcm_ifindex = number(w[1]);
	msg->tcm_parent = number(w[2]);
	msg->tcm_handle = number(w[3]);
	msg->tcm_info = 49152U << 16;
	put_text(nlh, TCA_KIND, w[4]);
	if (type == RTM_NEWTFILTER) {
		nest = put(nlh, TCA_OPTIONS, "", 0);
		if (strcmp(w[5], "-"))
			put_text(nlh, TCA_BPF_NAME, w[5]);
		put_u32(nlh, TCA_BPF_ID, number(w[6]));
		snprintf(acts, sizeof(acts), "%s", w[7]);
		if (strcmp(acts, "-"))
			put_acts(nlh, acts);
		close_nest(nlh, nest);
	}
	end(m, nlh);
}

static void put_error(struct message *m, const struct nlmsghdr *request, int err)
{
	struct nlmsghdr *nlh = begin(m, request, NLMSG_ERROR, sizeof(struct nlmsgerr));
	struct nlmsgerr *e = NLMSG_DATA(nlh);

	nlh->nlmsg_flags = NLM_F_CAPPED;
	e->error = -err;
	e->msg = *request;
	end(m, nlh);
}

static void answer_devs(struct message *m, const struct nlmsghdr *request)
{
	const struct ifinfomsg *asked = NLMSG_DATA(request);
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_devs; i++)
		if ((request->nlmsg_flags & NLM_F_DUMP) ||
		    asked->ifi_index == (int)number(fx->devs[i].words[0]))
			put_dev(m, request, fx->devs[i].words);
	if (!(request->nlmsg_flags & NLM_F_DUMP) && !m->len)
		put_error(m, request, ENODEV);
}

/* As in the kernel: a dump of qdiscs returns those of all devices. */
static void answer_tc(struct message *m, const struct nlmsghdr *request)
{
	const char *what = request->nlmsg_type == RTM_GETQDISC ? "qdisc" :
			   request->nlmsg_type == RTM_GETTCLASS ? "class" : "filter";
	const struct tcmsg *asked = NLMSG_DATA(request);
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_tcs; i++) {
		char *const *w = fx->tcs[i].words;

		if (strcmp(w[0], what) || (*what != 'q' && asked->tcm_ifindex != (int)number(w[1])))
			continue;
		if (*what == 'f' && asked->tcm_parent != number(w[2]))
			continue;
		put_tc(m, request, w);
	}
}

/* Requests that change something succeed without doing anything. */
static void answer(int fd, const struct nlmsghdr *request)
{
	static struct message m;
	struct nlmsghdr *nlh;

	m.len = 0;
	if (request->nlmsg_type == RTM_GETLINK)
		answer_devs(&m, request);
	else if (request->nlmsg_type == RTM_GETQDISC || request->nlmsg_type == RTM_GETTCLASS ||
		 request->nlmsg_type == RTM_GETTFILTER)
		answer_tc(&m, request);
	else
		put_error(&m, request, 0);
	if (request->nlmsg_flags & NLM_F_DUMP && request->nlmsg_type != RTM_SETLINK) {
		nlh = begin(&m, request, NLMSG_DONE, sizeof(int));
		end(&m, nlh);
	}
	if (write(peers[fd], m.data, m.len) < 0)
		abort();
}

static bool is_ours(int fd)
{
	return fd >= 0 && fd < MAX_FD && peers[fd];
}

int socket(int domain, int type, int protocol)
{
	int pair[2];

	if (domain != AF_NETLINK || !fixture()->n_devs)
		return REAL(socket)(domain, type, protocol);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	if (pair[0] >= MAX_FD)
		abort();
	peers[pair[0]] = pair[1];
	return pair[0];
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	return is_ours(fd) ? 0 : REAL(bind)(fd, addr, len);
}

int getsockname(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	if (!is_ours(fd))
		return REAL(getsockname)(fd, addr, len);
	memset(addr, 0, sizeof(struct sockaddr_nl));
	addr->sa_family = AF_NETLINK;
	*len = sizeof(struct sockaddr_nl);
	return 0;
}

ssize_t sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to,
	       socklen_t to_len)
{
	if (!is_ours(fd))
		return REAL(sendto)(fd, data, len, flags, to, to_len);
	answer(fd, data);
	return len;
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	if (!is_ours(fd))
		return REAL(send)(fd, data, len, flags);
	answer(fd, data);
	return len;
}

int close(int fd)
{
	forget_fd(fd);
	if (is_ours(fd)) {
		REAL(close)(peers[fd]);
		peers[fd] = 0;
	}
	return REAL(close)(fd);
}

unsigned int if_nametoindex(const char *name)
{
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_devs; i++)
		if (!strcmp(fx->devs[i].words[1], name))
			return number(fx->devs[i].words[0]);
	return fx->n_devs ? 0 : REAL(if_nametoindex)(name);
}

char *if_indextoname(unsigned int index, char name[IF_NAMESIZE])
{
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_devs; i++)
		if (number(fx->devs[i].words[0]) == index)
			return strncpy(name, fx->devs[i].words[1], IF_NAMESIZE);
	if (!fx->n_devs)
		return REAL(if_indextoname)(index, name);
	errno = ENXIO;
	return NULL;
}

/* The kernel's layout as of 6.7; an older program's is a prefix of it. */
struct query {
	uint32_t target, type, query_flags, attach_flags;
	uint64_t prog_ids;
	uint32_t count, pad;
	uint64_t prog_flags, link_ids, link_flags, revision;
};

static void give(uint64_t to, uint32_t i, uint32_t n)
{
	if (to)
		((uint32_t *)(uintptr_t)to)[i] = n;
}

/* For cgroups the target is a descriptor: the fixture contains the directory's name. */
static bool is_target(const char *word, uint32_t target)
{
	char link[32], path[512] = "", *slash;

	if (*word >= '0' && *word <= '9')
		return number(word) == target;
	snprintf(link, sizeof(link), "/proc/self/fd/%u", target);
	if (readlink(link, path, sizeof(path) - 1) <= 0)
		return false;
	slash = strrchr(path, '/');
	return slash && !strcmp(word, slash + 1);
}

/* hook INDEX TYPE REVISION PROG[:LINK],... */
int fake_query(void *attr, size_t size)
{
	const struct fixture *fx = fixture();
	struct query q = {};
	uint32_t n = 0;

	memcpy(&q, attr, size < sizeof(q) ? size : sizeof(q));
	for (size_t i = 0; i < fx->n_hooks; i++) {
		char *const *w = fx->hooks[i].words;
		char *at = w[3];

		if (!is_target(w[0], q.target) || number(w[1]) != q.type)
			continue;
		q.revision = number(w[2]);
		for (; *at && n < q.count; n++) {
			give(q.prog_ids, n, strtoul(at, &at, 0));
			give(q.link_ids, n, *at == ':' ? strtoul(at + 1, &at, 0) : 0);
			at += *at == ',';
		}
	}
	q.count = n;
	memcpy(attr, &q, size < sizeof(q) ? size : sizeof(q));
	return 0;
}
