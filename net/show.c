// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl net show: XDP, tcx, netkit and classic tc programs of the devices, the flow dissector of
 * the network namespace, netfilter links. Devices and qdiscs are dumped in one request each;
 * filters only where a qdisc may have some.
 */
#include <errno.h>
#include <fcntl.h>

#include "cli/array.h"
#include "json_writer.h"
#include "kern/attach/attach.h"
#include "kern/attach/nf_names.h"
#include "kern/attach/netlink.h"
#include "kern/object/obj.h"
#include "kern/attach/tc_filters.h"
#include "net/net.h"

struct net_show_args {
	const char *dev;		/* NULL: all */
	struct netns_ref netns;
};

/* What a listing has gathered before it prints. */
struct net {
	struct nl nl;
	struct nl_dev *devs;		/* owned */
	size_t n_devs;
	struct nl_qdisc *qdiscs;	/* owned */
	size_t n_qdiscs;
	bool no_tcx;			/* the kernel does not support the attach type */
	bool denied;			/* bpf(2) is denied; netlink is allowed for everybody */
};

static void net_free(struct net *net)
{
	nl_close(&net->nl);
	free(net->devs);
	free(net->qdiscs);
}

#define auto_net __attribute__((cleanup(net_free)))

static int net_gather(struct ctx *ctx, struct net *net, uint32_t ifindex)
{
	int err = nl_open(&net->nl);

	if (err)
		return fail(ctx->err, err, "open rtnetlink");
	err = nl_read_devs(&net->nl, ifindex, &net->devs, &net->n_devs);
	if (err)
		return fail(ctx->err, err, "list network devices");
	err = nl_read_qdiscs(&net->nl, NL_QDISCS, ifindex, &net->qdiscs, &net->n_qdiscs);
	if (err)
		return fail(ctx->err, err, "list qdiscs");
	return 0;
}

const char *net_xdp_mode(int mode)
{
	static const char *const words[] = { [NL_XDP_GENERIC] = "generic",
					     [NL_XDP_DRIVER] = "driver",
					     [NL_XDP_OFFLOAD] = "offload" };

	return words[mode];
}

static void show_dev_name(struct out *o, const struct nl_dev *dev)
{
	out_str(o, "devname", "%s", dev->name);
	out_sep(o, "");
	out_uint(o, "ifindex", "(%llu)", dev->ifindex);
}

static void show_xdp_prog(struct out *o, int mode, uint32_t id)
{
	out_sep(o, " ");
	out_str(o, "mode", "%s", net_xdp_mode(mode));
	out_sep(o, " ");
	out_uint(o, "id", "id %llu", id);
}

/* Several modes at once are a list under the device, in order of the mode numbers. */
static void show_xdp_multi(struct out *o, const struct nl_dev *dev)
{
	out_list(o, "multi_attachments", NULL);
	for (int i = 0; i < NL_XDP_MODES; i++) {
		if (!dev->xdp_ids[i])
			continue;
		out_json_rec(o, NULL);
		show_xdp_prog(o, i, dev->xdp_ids[i]);
		out_json_rec_end(o);
	}
	out_list_end(o);
}

static void show_xdp(struct out *o, const struct nl_dev *dev)
{
	int mode = NL_XDP_MODES;

	while (mode-- && !dev->xdp_ids[mode])
		;
	if (mode < 0)
		return;
	out_rec(o, NULL);
	show_dev_name(o, dev);
	if (dev->xdp_multi)
		show_xdp_multi(o, dev);
	else
		show_xdp_prog(o, mode, dev->xdp_ids[mode]);
	out_rec_end(o);
}

/*
 * The full name of a program, "" if it was freed or has none. Called in its record: what cannot be
 * read is reported there.
 */
static void read_prog_name(struct ctx *ctx, uint32_t id, char buf[static OBJ_NAME_MAX])
{
	auto_close int fd = obj_prog.open_id(id, 0);
	struct bpf_prog_info info = {};
	int err = fd < 0 ? fd : obj_info(fd, &info, sizeof(info));

	buf[0] = '\0';
	if (!err)
		err = obj_prog_name(fd, &info, buf);
	if (err && err != -ENOENT && err != -ENODEV)
		unread(ctx, err, "cap_sys_admin", "read the name of program %u", id);
}

/* Flags as the list of their set bits. */
static void show_flags(struct out *o, const char *key, uint32_t flags)
{
	out_list(o, key, flags ? " " : "");
	for (uint32_t bit = 1; bit; bit <<= 1)
		if (flags & bit)
			out_uint(o, NULL, "%llu", bit);
	out_list_end(o);
}

/* The attach target of a hook's program. */
struct hook_at {
	const struct nl_dev *dev;
	const char *kind;
};

static void show_hook_prog(struct ctx *ctx, const struct hook_at *at, const struct hook_progs *h,
			   uint32_t i)
{
	const struct nl_dev *dev = at->dev;
	const char *kind = at->kind;
	struct out *o = ctx->out;
	char name[OBJ_NAME_MAX];

	out_rec(o, NULL);
	read_prog_name(ctx, h->prog_ids[i], name);
	out_no_sep(o);
	show_dev_name(o, dev);
	out_str(o, "kind", " %s", kind);
	if (name[0])
		out_str(o, "name", " %s", name);
	out_uint(o, "prog_id", " prog_id %llu", h->prog_ids[i]);
	show_flags(o, "prog_flags", h->prog_flags[i]);
	out_nonzero(o, "link_id", " link_id %llu", h->link_ids[i]);
	show_flags(o, "link_flags", h->link_flags[i]);
	if (h->revision)
		out_json_uint(o, "revision", h->revision);
	out_rec_end(o);
}

static const struct hook {
	uint32_t attach_type;
	const char *kind;
	const char *dev_kind;		/* only devices of this kind have it; NULL: all */
} hooks[] = {
	{ ABI_ATTACH_TCX_INGRESS, "tcx/ingress", NULL },
	{ ABI_ATTACH_TCX_EGRESS, "tcx/egress", NULL },
	{ ABI_ATTACH_NETKIT_PRIMARY, "netkit/primary", "netkit" },
	{ ABI_ATTACH_NETKIT_PEER, "netkit/peer", "netkit" },
};

/* Results of netlink are shown in any case; that the rest is missing is reported once. */
static void report_denied(struct ctx *ctx, struct net *net)
{
	if (net->denied)
		return;
	net->denied = true;
	fail(ctx->err, -EPERM, "list tcx, netkit and flow dissector programs");
	err_hint_denied(ctx->err, "cap_net_admin");
	report_and_skip(ctx);
}

/* A hook that could not be queried: reported, if there is one. */
static void hook_failed(struct ctx *ctx, struct net *net, uint32_t attach_type, int err)
{
	net->no_tcx |= err == -EINVAL || err == -EOPNOTSUPP;	/* a kernel before 6.6 */
	if (hook_is_absent(attach_type, err))
		return;
	if (err == -EPERM)
		report_denied(ctx, net);
	else
		unread(ctx, err, NULL, "list %s programs",
		       attach_type == BPF_FLOW_DISSECTOR ? "flow dissector" : "tcx and netkit");
}

static void show_hooks(struct ctx *ctx, struct net *net, const struct nl_dev *dev)
{
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		auto_hook struct hook_progs h = {};
		int err;

		if ((hooks[i].dev_kind && !streq(hooks[i].dev_kind, dev->kind)) || net->no_tcx ||
		    net->denied)
			continue;
		err = hook_query(dev->ifindex, hooks[i].attach_type, 0, &h);
		if (err)
			hook_failed(ctx, net, hooks[i].attach_type, err);
		for (uint32_t n = 0; !err && n < h.n; n++)
			show_hook_prog(ctx, &(struct hook_at){ dev, hooks[i].kind }, &h, n);
	}
}

/* For the callback: whose filters are being listed. */
struct filters {
	struct out *o;
	const struct nl_dev *dev;
};

static void show_acts(struct out *o, const struct nl_tc *tc)
{
	out_list(o, "act", "act [");
	out_no_sep(o);
	for (uint32_t i = 0; i < tc->n_acts; i++) {
		const char *name = tc->acts[i].name;

		out_rec(o, NULL);
		if (name[0])
			out_str(o, "name", "{%s ", name);
		out_uint(o, "id", name[0] ? "id %llu}" : "{id %llu}", tc->acts[i].prog_id);
		out_rec_end(o);
	}
	out_text(o, "]");
	out_list_end(o);
}

static int show_filter(const struct nl_tc *tc, const struct tc_place *at, void *data)
{
	const struct filters *f = data;
	struct out *o = f->o;

	out_rec(o, NULL);
	show_dev_name(o, f->dev);
	out_sep(o, " ");
	out_str(o, "kind", "%s", at->kind);
	out_sep(o, " ");
	if (tc->name[0])
		out_str(o, "name", "%s", tc->name);
	out_sep(o, " ");
	out_uint(o, "id", "id %llu", tc->prog_id);
	out_sep(o, " ");
	if (tc->n_acts)
		show_acts(o, tc);
	out_rec_end(o);
	return 0;
}

static int show_tc(struct ctx *ctx, struct net *net, const struct nl_dev *dev)
{
	struct filters f = { .o = ctx->out, .dev = dev };

	show_hooks(ctx, net, dev);
	return tc_each_filter(&net->nl, dev->ifindex, net->qdiscs, net->n_qdiscs, show_filter, &f);
}

static int show_tc_section(struct ctx *ctx, struct net *net)
{
	int err = 0;

	out_section(ctx->out, "tc", "\ntc:\n");
	for (size_t i = 0; !err && i < net->n_devs; i++)
		err = show_tc(ctx, net, &net->devs[i]);
	if (err)
		return fail(ctx->err, err, "list tc filters");
	out_list_end(ctx->out);
	return 0;
}

static void show_dissector_section(struct ctx *ctx, struct net *net)
{
	auto_close int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_hook struct hook_progs h = {};
	struct out *o = ctx->out;
	int err = netns < 0 ? -errno : hook_query((uint32_t)netns, BPF_FLOW_DISSECTOR, 0, &h);

	out_section(o, "flow_dissector", "\nflow_dissector:\n");
	if (err)
		hook_failed(ctx, net, BPF_FLOW_DISSECTOR, err);
	for (uint32_t i = 0; !err && i < h.n; i++) {
		out_rec(o, NULL);
		out_uint(o, "id", "id %llu", h.prog_ids[i]);
		out_rec_end(o);
	}
	out_list_end(o);
	if (!h.n)
		out_text(o, "\n");
}

struct nf_links {
	struct abi_link_info *all;	/* owned */
	size_t n, max;
};

static int keep_netfilter(struct ctx *ctx, int fd, const void *data)
{
	struct nf_links *l = *(struct nf_links *const *)data;
	struct abi_link_info info = {}, *all;
	int err;

	err = obj_info(fd, &info, sizeof(info));
	if (err)
		unread(ctx, err, obj_caps, "read a link");
	if (err || info.type != ABI_LINK_TYPE_NETFILTER)
		return 0;
	all = array_room(l->all, l->n, &l->max, sizeof(*all));
	if (!all)
		return fail(ctx->err, -ENOMEM, "list netfilter links");
	l->all = all;
	l->all[l->n++] = info;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct abi_link_info *x = a, *y = b;

	if (x->netfilter.pf != y->netfilter.pf)
		return x->netfilter.pf < y->netfilter.pf ? -1 : 1;
	if (x->netfilter.hooknum != y->netfilter.hooknum)
		return x->netfilter.hooknum < y->netfilter.hooknum ? -1 : 1;
	if (x->netfilter.priority != y->netfilter.priority)
		return x->netfilter.priority < y->netfilter.priority ? -1 : 1;
	return x->netfilter.flags < y->netfilter.flags ? -1
						       : x->netfilter.flags > y->netfilter.flags;
}

static void show_netfilter(struct out *o, const struct abi_link_info *l)
{
	const char *family = nf_family_name(l->netfilter.pf);
	const char *hook = nf_hook_name(l->netfilter.pf, l->netfilter.hooknum);

	out_rec(o, NULL);
	out_form(o, "\t{pf_name|pf} {hook_name|hook} {prio}{flags} {id}");
	out_uint(o, "pf", "pf: %llu", l->netfilter.pf);
	out_uint(o, "hook", "hook %llu", l->netfilter.hooknum);
	out_int(o, "prio", "prio %lld", l->netfilter.priority);
	out_nonzero(o, "flags", " flags 0x%llx", l->netfilter.flags);
	out_uint(o, "id", "prog_id %llu", l->prog_id);
	out_uint(o, "link_id", "%llu", l->id);
	if (family)
		out_str(o, "pf_name", "%s", family);
	if (hook)
		out_str(o, "hook_name", "%s", hook);
	out_form_end(o);
	out_rec_end(o);
}

static int show_netfilter_section(struct ctx *ctx)
{
	struct nf_links l = {}, *lp = &l;
	int err;

	out_section(ctx->out, "netfilter", "netfilter:\n\n");
	err = obj_each(ctx, &obj_link, 0, keep_netfilter, &lp);
	if (err == -EPERM) {
		report_and_skip(ctx);
		err = 0;
	}
	if (l.n)
		qsort(l.all, l.n, sizeof(*l.all), by_place);
	for (size_t i = 0; i < l.n; i++)
		show_netfilter(ctx->out, &l.all[i]);
	out_list_end(ctx->out);
	out_text(ctx->out, l.n ? "\n" : "");
	free(l.all);
	return err;
}

static int net_show(struct ctx *ctx, const void *args)
{
	const struct net_show_args *a = args;
	auto_net struct net net = {};
	struct out *o = ctx->out;
	uint32_t ifindex = 0;
	auto_netns struct netns ns = {};
	int err = netns_enter(ctx, &a->netns, &ns);

	if (!err && a->dev)
		err = net_find_dev(ctx, a->dev, &a->netns, &ifindex);
	if (!err)
		err = net_gather(ctx, &net, ifindex);
	if (err)
		return err;
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	out_section(o, "xdp", "xdp:\n");
	for (size_t i = 0; i < net.n_devs; i++)
		show_xdp(o, &net.devs[i]);
	out_list_end(o);
	err = show_tc_section(ctx, &net);
	if (err)
		return err;
	show_dissector_section(ctx, &net);
	err = show_netfilter_section(ctx);
	if (err)
		return err;
	out_rec_end(o);
	out_list_end(o);
	return 0;
}

static const struct param show_params[] = {
	PARAM_IFACE(struct net_show_args, dev, "dev", "IF", "only this device"),
	PARAM_NETNS(struct net_show_args),
	{ }
};

const struct cmd net_show_cmd = {
	.name = "show", .help = "list programs on network devices",
	.params = show_params, .args_size = sizeof(struct net_show_args),
	.run = net_show, .flags = CMD_DEFAULT,
};
