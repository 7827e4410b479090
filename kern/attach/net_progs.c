// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Devices and qdiscs are dumped in one request each; hooks are queried per device, and filters only
 * where a qdisc may have some.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>

#include "kern/attach/net_progs.h"

static const struct dev_hook hooks[] = {
	{ ABI_ATTACH_TCX_INGRESS, "tcx/ingress", NULL },
	{ ABI_ATTACH_TCX_EGRESS, "tcx/egress", NULL },
	{ ABI_ATTACH_NETKIT_PRIMARY, "netkit/primary", "netkit" },
	{ ABI_ATTACH_NETKIT_PEER, "netkit/peer", "netkit" },
};

struct visit {
	struct net_walk *walk;
	const struct nl_dev *dev;
	const struct net_fns *fns;
	void *data;
};

void net_walk_close(struct net_walk *w)
{
	nl_close(&w->nl);
	free(take_ptr(w->devs));
	free(take_ptr(w->qdiscs));
}

/* A kernel without tc has no qdiscs. */
int net_walk_open(struct net_walk *w, uint32_t ifindex)
{
	struct err *e = w->ctx->err;
	int err = nl_open(&w->nl);

	if (err)
		return fail(e, err, "open rtnetlink");
	err = nl_read_devs(&w->nl, ifindex, &w->devs, &w->n_devs);
	if (err)
		return fail(e, err, "list network devices");
	err = nl_read_qdiscs(&w->nl, NL_QDISCS, ifindex, &w->qdiscs, &w->n_qdiscs);
	return err && err != -EOPNOTSUPP ? fail(e, err, "list qdiscs") : 0;
}

/* A hook that could not be queried: reported, if there is one. dev NULL: of the namespace. */
static int hook_failed(struct net_walk *w, uint32_t attach_type, const struct nl_dev *dev, int err)
{
	if (err == -ENOMEM)
		return fail(w->ctx->err, err, "list programs on network devices");
	if (hook_is_absent(attach_type, err))
		return 0;
	if (err != -EPERM)
		unread(w->ctx, err, NULL, "list %s programs of %s",
		       dev ? "tcx and netkit" : "flow dissector",
		       dev ? dev->name : "a network namespace");
	else if (!w->denied)
		unread(w->ctx, err, "cap_net_admin",
		       "list tcx, netkit and flow dissector programs");
	w->denied |= err == -EPERM;
	return 0;
}

static int visit_hook(const struct visit *v, const struct dev_hook *hook)
{
	auto_hook struct hook_progs h = {};
	struct net_prog p = { .dev = v->dev, .hook = hook, .progs = &h };
	int err = hook_query(v->dev->ifindex, hook->attach_type, 0, &h);

	if (!hook->dev_kind)
		v->walk->no_tcx |= err == -EINVAL;	/* before 6.6 */
	if (err)
		return hook_failed(v->walk, hook->attach_type, v->dev, err);
	for (; !err && p.i < h.n; p.i++)
		err = v->fns->hook(&p, v->data);
	return err;
}

static int visit_hooks(const struct visit *v)
{
	const struct net_walk *w = v->walk;
	int err = 0;

	for (size_t i = 0; !err && !w->denied && i < ARRAY_SIZE(hooks); i++) {
		const char *only = hooks[i].dev_kind;

		if (only ? streq(only, v->dev->kind) : !w->no_tcx)
			err = visit_hook(v, &hooks[i]);
	}
	return err;
}

static int visit_filter(const struct nl_tc *tc, const struct tc_place *at, void *data)
{
	const struct visit *v = data;

	return v->fns->filter(&(struct net_prog){ .dev = v->dev, .tc = tc, .at = at }, v->data);
}

static int visit_filters(struct visit *v)
{
	struct net_walk *w = v->walk;
	int err = tc_each_filter(&w->nl, v->dev->ifindex, w->qdiscs, w->n_qdiscs, visit_filter, v);

	return err ? fail(w->ctx->err, err, "list tc filters") : 0;
}

/* Those of sk_lookup, on the namespace too, are always links. */
static int visit_dissectors(const struct visit *v)
{
	auto_close int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_hook struct hook_progs h = {};
	struct net_prog p = { .progs = &h };
	int err = netns < 0 ? -errno : hook_query((uint32_t)netns, BPF_FLOW_DISSECTOR, 0, &h);

	if (err)
		return hook_failed(v->walk, BPF_FLOW_DISSECTOR, NULL, err);
	for (; !err && p.i < h.n; p.i++)
		err = v->fns->dissector(&p, v->data);
	return err;
}

static int visit_xdp(const struct visit *v)
{
	for (int mode = 0; mode < NL_XDP_MODES; mode++)
		if (v->dev->xdp_ids[mode])
			return v->fns->xdp(&(struct net_prog){ .dev = v->dev }, v->data);
	return 0;
}

int net_each_prog(struct net_walk *w, const struct net_fns *fns, void *data)
{
	struct visit v = { .walk = w, .fns = fns, .data = data };
	const struct nl_dev *end = w->devs + w->n_devs;
	int err = 0;

	for (v.dev = w->devs; fns->xdp && !err && v.dev < end; v.dev++)
		err = visit_xdp(&v);
	for (v.dev = w->devs; !err && v.dev < end; v.dev++) {
		if (fns->hook)
			err = visit_hooks(&v);
		if (!err && fns->filter)
			err = visit_filters(&v);
	}
	return !err && fns->dissector ? visit_dissectors(&v) : err;
}
