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

#include "kern/attach/attachments_int.h"
#include "kern/attach/net_progs.h"
#include "kern/procs.h"

/* One network namespace. */
struct scan {
	struct attachments *set;
	uint64_t ino;
	struct net_walk walk;
};

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

static int keep_xdp(const struct net_prog *p, void *data)
{
	const struct nl_dev *dev = p->dev;
	struct scan *s = data;
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

static int keep_hook(const struct net_prog *p, void *data)
{
	uint32_t link_id = p->progs->link_ids[p->i];
	struct scan *s = data;
	/* Held by a link that is not in our list: created after it. */
	struct attachment a = {
		.prog_id = p->progs->prog_ids[p->i], .link_id = link_id, .xdp_mode = -1,
		.kind = p->hook->dev_kind ? ATT_NETKIT : ATT_TCX,
		.held = link_id ? ATT_BY_LINK : ATT_BY_HOOK, .netns_ino = s->ino,
		.attach_type = p->hook->attach_type, .ifindex = p->dev->ifindex,
	};
	struct attachment *link = link_id ? attachments_place_link(s->set, link_id) : NULL;

	return put(s, link, &a, p->dev->name);
}

static int keep_filter(const struct net_prog *p, void *data)
{
	const struct nl_tc *tc = p->tc;
	struct scan *s = data;
	struct attachment a = {
		.prog_id = tc->prog_id, .kind = ATT_TC, .held = ATT_BY_NETLINK, .xdp_mode = -1,
		.attach_type = ATT_NO_TYPE, .ifindex = p->dev->ifindex,
		.tc = { .ifindex = tc->ifindex, .handle = tc->handle, .info = tc->info,
			.parent = nl_tc_block(tc) ? p->at->parent : tc->parent,
			.chain = tc->chain, .block = nl_tc_block(tc) },
	};

	snprintf(a.tc.kind, sizeof(a.tc.kind), "%s", p->at->kind);
	return put(s, NULL, &a, p->dev->name);
}

static int keep_dissector(const struct net_prog *p, void *data)
{
	struct scan *s = data;
	struct attachment a = {
		.prog_id = p->progs->prog_ids[p->i],
		.kind = ATT_NETNS,
		.held = ATT_BY_HOOK,
		.xdp_mode = -1,
		.attach_type = BPF_FLOW_DISSECTOR,
		.netns_ino = s->ino,
	};

	return attachments_place(s->set, &a) ? 0 : attachments_add(s->set, &a);
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

/* Called in the namespace. */
static int scan_netns(void *data)
{
	static const struct net_fns fns = { keep_xdp, keep_hook, keep_filter, keep_dissector };
	struct scan *s = data;
	int err = net_walk_open(&s->walk, 0);

	if (!err)
		err = net_each_prog(&s->walk, &fns, s);
	if (err)
		return err;
	err = nl_each_action(&s->walk.nl, keep_action, s);
	return err == -EOPNOTSUPP ? 0 : err;	/* a kernel without tc */
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
static int scan_all(struct ctx *ctx, struct attachments *set)
{
	int err = find_all_netns(set);
	bool denied = false;

	for (size_t i = 0; !err && i < set->n_netns; i++) {
		struct scan s = { .set = set, .ino = set->netns[i].ino,
				  .walk = { .ctx = ctx, .denied = denied } };

		err = attach_in_netns(set, s.ino, scan_netns, &s);
		denied = s.walk.denied;
		net_walk_close(&s.walk);
		/* EINVAL: the name in /run/netns is not a namespace. */
		if (i && err && !ctx->err->code)
			err = err == -EINVAL ? 0 : netns_failed(set, err);
	}
	return err;
}

int attach_from_net(struct ctx *ctx, struct attachments *set)
{
	int err = scan_all(ctx, set);

	if (!err && set->n_hidden_netns)
		unread(ctx, -EACCES, "cap_sys_ptrace,cap_sys_admin",
		       "list programs of other network namespaces: %zu name%s or process%s",
		       set->n_hidden_netns, plural(set->n_hidden_netns, "", "s"),
		       plural(set->n_hidden_netns, "", "es"));
	return err ? fail(ctx->err, err, "list programs on network devices") : 0;
}
