// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Attachments to network devices, tc filters and network namespaces: of our namespace, and of all
 * others that are reachable through a process or a name in /run/netns.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "kern/attach/attach.h"
#include "kern/attach/attachments_int.h"
#include "kern/attach/tc_filters.h"
#include "kern/procs.h"

struct scan {
	struct ctx *ctx;
	struct attachments *set;
	uint64_t ino;			/* of the namespace */
	struct nl nl;
	struct nl_devs devs;		/* owned */
	bool no_tcx;			/* the kernel does not support the attach type */
	const struct nl_dev *dev;	/* whose filters are being listed */
};

static void scan_free(struct scan *s)
{
	nl_close(&s->nl);
	free(s->devs.all);
}

static int set_name(struct attachment *a, const char *name)
{
	free(a->name);
	a->name = strdup(name);
	return a->name ? 0 : -ENOMEM;
}

/* Adds a new one, unless there is a link (placed) that only lacks the name of the target. */
static int put(struct scan *s, struct attachment *placed, const struct attachment *a,
	       const char *name)
{
	struct attachment new = *a;
	int err;

	if (placed) {
		/*
		 * The peer of a netkit pair is represented by the primary device, which programs
		 * are attached to.
		 */
		placed->ifindex = a->ifindex;
		placed->netns_ino = s->ino;
		placed->xdp_mode = a->xdp_mode;
		return set_name(placed, name);
	}
	new.netns_ino = s->ino;
	err = set_name(&new, name);
	return err ? err : attachments_add(s->set, &new);
}

static int scan_xdp(struct scan *s, const struct nl_dev *dev)
{
	int err = 0;

	for (int mode = 0; mode < NL_XDP_MODES && !err; mode++) {
		struct attachment a = {
			.prog_id = dev->xdp_ids[mode], .kind = ATT_XDP, .held = ATT_BY_NETLINK,
			.attach_type = ATT_NO_TYPE, .ifindex = dev->ifindex, .xdp_mode = mode,
			.netns_ino = s->ino,
		};

		if (a.prog_id)
			err = put(s, attachments_place(s->set, &a), &a, dev->name);
	}
	return err;
}

/* A hook that could not be queried: reported, if there is one; the rest is listed. */
static int hook_failed(struct scan *s, uint32_t attach_type, const char *where, int err)
{
	if (err == -ENOMEM)
		return err;
	if (hook_is_absent(attach_type, err))
		return 0;
	if (err != -EPERM)
		unread(s->ctx, err, NULL, "list %s programs of %s",
		       attach_type == BPF_FLOW_DISSECTOR ? "flow dissector" : "tcx and netkit",
		       where);
	else if (!s->set->no_hooks)
		unread(s->ctx, err, "cap_net_admin",
		       "list tcx, netkit and flow dissector programs");
	s->set->no_hooks |= err == -EPERM;
	return 0;
}

static int scan_hook(struct scan *s, const struct nl_dev *dev, uint32_t attach_type,
		     enum att_kind kind)
{
	auto_hook struct hook_progs h = {};
	int err = s->set->no_hooks ? 0 : hook_query(dev->ifindex, attach_type, 0, &h);

	if (err == -EINVAL && kind == ATT_TCX)
		s->no_tcx = true;	/* before 6.6 */
	if (err)
		return hook_failed(s, attach_type, dev->name, err);
	for (uint32_t i = 0; i < h.n; i++) {
		struct attachment a = {
			.prog_id = h.prog_ids[i], .kind = kind, .held = ATT_BY_HOOK, .xdp_mode = -1,
			.attach_type = attach_type, .ifindex = dev->ifindex, .netns_ino = s->ino,
		};
		struct attachment *link = NULL;

		if (h.link_ids[i])
			link = attachments_place_link(s->set, h.link_ids[i]);
		/* A link created after our list of links. */
		a.link_id = h.link_ids[i];
		a.held = h.link_ids[i] ? ATT_BY_LINK : ATT_BY_HOOK;
		if (put(s, link, &a, dev->name))
			return -ENOMEM;
	}
	return 0;
}

static int scan_hooks(struct scan *s, const struct nl_dev *dev)
{
	int err = 0;

	if (!s->no_tcx)
		err = scan_hook(s, dev, ABI_ATTACH_TCX_INGRESS, ATT_TCX);
	if (!err && !s->no_tcx)
		err = scan_hook(s, dev, ABI_ATTACH_TCX_EGRESS, ATT_TCX);
	if (err || !streq(dev->kind, "netkit"))
		return err;
	err = scan_hook(s, dev, ABI_ATTACH_NETKIT_PRIMARY, ATT_NETKIT);
	return err ? err : scan_hook(s, dev, ABI_ATTACH_NETKIT_PEER, ATT_NETKIT);
}

static int keep_filter(const struct nl_tc *tc, const struct tc_place *at, void *data)
{
	struct scan *s = data;
	struct attachment a = {
		.prog_id = tc->prog_id, .kind = ATT_TC, .held = ATT_BY_NETLINK, .xdp_mode = -1,
		.attach_type = ATT_NO_TYPE, .ifindex = s->dev->ifindex,
		.tc = { .ifindex = tc->ifindex, .parent = nl_tc_block(tc) ? at->parent : tc->parent,
			.handle = tc->handle, .info = tc->info, .chain = tc->chain,
			.block = nl_tc_block(tc) },
	};

	snprintf(a.tc.kind, sizeof(a.tc.kind), "%s", at->kind);
	return put(s, NULL, &a, s->dev->name);
}

static int scan_qdiscs(struct scan *s)
{
	auto_free struct nl_qdisc *qdiscs = NULL;
	size_t n = 0;
	int err = nl_read_qdiscs(&s->nl, NL_QDISCS, 0, &qdiscs, &n);

	for (size_t i = 0; !err && i < s->devs.n; i++) {
		s->dev = &s->devs.all[i];
		err = tc_each_filter(&s->nl, s->dev->ifindex, qdiscs, n, keep_filter, s);
	}
	return err;
}

static int keep_action(const struct nl_act *act, void *data)
{
	struct scan *s = data;
	struct attachment a = {
		.prog_id = act->prog_id,
		.kind = ATT_TC_ACTION,
		.held = ATT_BY_NETLINK,
		.xdp_mode = -1,
		.attach_type = ATT_NO_TYPE,
		.n_places = act->n_filters,
		.action = act->index,
	};

	return act->prog_id ? put(s, NULL, &a, act->name) : 0;
}

/* Programs on the namespace itself. Those of sk_lookup are always links. */
static int scan_dissector(struct scan *s)
{
	auto_close int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_hook struct hook_progs h = {};
	int err = netns < 0 ? -errno : hook_query((uint32_t)netns, BPF_FLOW_DISSECTOR, 0, &h);

	if (err)
		return hook_failed(s, BPF_FLOW_DISSECTOR, "a network namespace", err);
	for (uint32_t i = 0; !err && i < h.n; i++) {
		struct attachment a = {
			.prog_id = h.prog_ids[i],
			.kind = ATT_NETNS,
			.held = ATT_BY_HOOK,
			.xdp_mode = -1,
			.attach_type = BPF_FLOW_DISSECTOR,
			.netns_ino = s->ino,
		};

		if (!attachments_place(s->set, &a))
			err = attachments_add(s->set, &a);
	}
	return err;
}

/* Called in the namespace. */
static int scan_netns(void *data)
{
	struct scan *s = data;
	int err = nl_open(&s->nl);

	if (!err)
		err = nl_index_devs(&s->nl, &s->devs);
	for (size_t i = 0; !err && i < s->devs.n; i++) {
		err = scan_xdp(s, &s->devs.all[i]);
		if (!err)
			err = scan_hooks(s, &s->devs.all[i]);
	}
	if (!err)
		err = scan_qdiscs(s);
	if (!err)
		err = nl_each_action(&s->nl, keep_action, s);
	if (err == -EOPNOTSUPP)		/* a kernel without tc */
		err = 0;
	return err ? err : scan_dissector(s);
}

static const struct att_netns *find_netns(const struct attachments *set, uint64_t ino)
{
	for (size_t i = 0; i < set->n_netns; i++)
		if (set->netns[i].ino == ino)
			return &set->netns[i];
	return NULL;
}

int attach_in_netns(const struct attachments *set, uint64_t ino, int (*fn)(void *data), void *data)
{
	const struct att_netns *ns = find_netns(set, ino);
	int err;

	if (!ns)
		return -ENOENT;
	if (ns == set->netns)
		return fn(data);
	if (setns(ns->fd, CLONE_NEWNET) < 0)
		return -errno;
	err = fn(data);
	return setns(set->netns[0].fd, CLONE_NEWNET) < 0 ? -EIO : err;
}

/* A removed path is not a namespace, and one that is not accessible is counted. */
static int netns_failed(struct attachments *set, int err)
{
	if (err == -ENOENT || err == -ESRCH)
		return 0;
	if (err != -EACCES && err != -EPERM)
		return err;
	set->n_hidden_netns++;
	return 0;
}

/* The namespace of path, if it is new. */
static int open_netns(const struct attachments *set, int dir, const char *path,
		      struct att_netns *ret)
{
	struct stat st;

	if (fstatat(dir, path, &st, 0) < 0)
		return -errno;
	ret->ino = st.st_ino;
	if (find_netns(set, st.st_ino))
		return 0;
	ret->fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	return ret->fd < 0 ? -errno : 0;
}

static int add_netns(struct attachments *set, int dir, const char *path)
{
	struct att_netns ns = { .fd = -1 }, *grown;
	int err = open_netns(set, dir, path, &ns);

	/* The same once for a process that exits at that moment. */
	if (err == -EACCES)
		err = open_netns(set, dir, path, &ns);
	/* With all capabilities: it belongs to the creators of our namespaces. */
	if (err == -EACCES && procs_may_see_all())
		return 0;
	if (err || ns.fd < 0)
		return err ? netns_failed(set, err) : 0;
	grown = reallocarray(set->netns, set->n_netns + 1, sizeof(*grown));
	if (!grown) {
		close(ns.fd);
		return -ENOMEM;
	}
	set->netns = grown;
	set->netns[set->n_netns++] = ns;
	return 0;
}

static int add_all_in(struct attachments *set, const char *dir, const char *suffix)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int err = d ? 0 : netns_failed(set, -errno);

	while (d && !err && (errno = 0, e = readdir(d))) {
		char path[NAME_MAX + 16];

		if (e->d_name[0] == '.' || (*suffix && !isdigit((unsigned char)e->d_name[0])))
			continue;
		snprintf(path, sizeof(path), "%s%s", e->d_name, suffix);
		err = add_netns(set, dirfd(d), path);
	}
	if (d && !err && !e)
		err = -errno;
	if (d)
		closedir(d);
	return err;
}

static int find_all_netns(struct attachments *set)
{
	int err = add_netns(set, AT_FDCWD, "/proc/self/ns/net");

	if (!err)
		err = add_all_in(set, "/run/netns", "");
	return err ? err : add_all_in(set, "/proc", "/ns/net");
}

/* The links of a namespace that we may not enter are listed anyway. */
int attach_from_net(struct ctx *ctx, struct attachments *set)
{
	int err = find_all_netns(set);

	for (size_t i = 0; !err && i < set->n_netns; i++) {
		struct scan s = { .ctx = ctx, .set = set, .ino = set->netns[i].ino };

		err = attach_in_netns(set, s.ino, scan_netns, &s);
		scan_free(&s);
		/* EINVAL: the name in /run/netns is not a namespace. */
		if (i && err)
			err = err == -EINVAL ? 0 : netns_failed(set, err);
	}
	if (!err && set->n_hidden_netns)
		unread(ctx, -EACCES, "cap_sys_ptrace,cap_sys_admin",
		       "list programs of other network namespaces: %zu name%s or process%s",
		       set->n_hidden_netns, plural(set->n_hidden_netns, "", "s"),
		       plural(set->n_hidden_netns, "", "es"));
	return err ? fail(ctx->err, err, "list programs on network devices") : 0;
}
