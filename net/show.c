// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl net show: XDP, tcx, netkit and classic tc programs of the devices, the flow dissector of
 * the network namespace, netfilter links.
 */
#include <errno.h>

#include "cli/array.h"
#include "json_writer.h"
#include "kern/attach/net_progs.h"
#include "kern/attach/nf_names.h"
#include "kern/object/obj.h"
#include "net/net.h"

struct net_show_args {
	const char *dev;		/* NULL: all */
	struct netns_ref netns;
};

/* Of the functions in sections[]. */
struct listing {
	struct ctx *ctx;
	bool dissector;			/* one was shown */
};

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

static int show_xdp(const struct net_prog *p, void *data)
{
	const struct nl_dev *dev = p->dev;
	struct listing *l = data;
	struct out *o = l->ctx->out;
	int mode = NL_XDP_MODES - 1;

	while (mode && !dev->xdp_ids[mode])
		mode--;
	out_rec(o, NULL);
	show_dev_name(o, dev);
	if (dev->xdp_multi)
		show_xdp_multi(o, dev);
	else
		show_xdp_prog(o, mode, dev->xdp_ids[mode]);
	out_rec_end(o);
	return 0;
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

static int show_hook_prog(const struct net_prog *p, void *data)
{
	const struct hook_progs *h = p->progs;
	struct listing *l = data;
	struct out *o = l->ctx->out;
	char name[OBJ_NAME_MAX];
	uint32_t i = p->i;

	out_rec(o, NULL);
	read_prog_name(l->ctx, h->prog_ids[i], name);
	out_no_sep(o);
	show_dev_name(o, p->dev);
	out_str(o, "kind", " %s", p->hook->kind);
	if (name[0])
		out_str(o, "name", " %s", name);
	out_uint(o, "prog_id", " prog_id %llu", h->prog_ids[i]);
	show_flags(o, "prog_flags", h->prog_flags[i]);
	out_nonzero(o, "link_id", " link_id %llu", h->link_ids[i]);
	show_flags(o, "link_flags", h->link_flags[i]);
	if (h->revision)
		out_json_uint(o, "revision", h->revision);
	out_rec_end(o);
	return 0;
}

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

static int show_filter(const struct net_prog *p, void *data)
{
	const struct nl_tc *tc = p->tc;
	struct listing *l = data;
	struct out *o = l->ctx->out;

	out_rec(o, NULL);
	show_dev_name(o, p->dev);
	out_sep(o, " ");
	out_str(o, "kind", "%s", p->at->kind);
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

static int show_dissector(const struct net_prog *p, void *data)
{
	struct listing *l = data;
	struct out *o = l->ctx->out;

	l->dissector = true;
	out_rec(o, NULL);
	out_uint(o, "id", "id %llu", p->progs->prog_ids[p->i]);
	out_rec_end(o);
	return 0;
}

static const struct section {
	const char *key, *heading;
	struct net_fns fns;
} sections[] = {
	{ "xdp", "xdp:\n", { .xdp = show_xdp } },
	{ "tc", "\ntc:\n", { .hook = show_hook_prog, .filter = show_filter } },
	{ "flow_dissector", "\nflow_dissector:\n", { .dissector = show_dissector } },
};

static int show_progs(struct net_walk *walk, struct listing *l)
{
	struct out *o = l->ctx->out;
	int err = 0;

	for (size_t i = 0; !err && i < ARRAY_SIZE(sections); i++) {
		out_section(o, sections[i].key, sections[i].heading);
		err = net_each_prog(walk, &sections[i].fns, l);
		if (!err)
			out_list_end(o);
	}
	if (!err && !l->dissector)
		out_text(o, "\n");
	return err;
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
	auto_net_walk struct net_walk walk = { .ctx = ctx };
	struct out *o = ctx->out;
	uint32_t ifindex = 0;
	auto_netns struct netns ns = {};
	int err = netns_enter(ctx, &a->netns, &ns);

	if (!err && a->dev)
		err = net_find_dev(ctx, a->dev, &a->netns, &ifindex);
	if (!err)
		err = net_walk_open(&walk, ifindex);
	if (err)
		return err;
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	err = show_progs(&walk, &(struct listing){ .ctx = ctx });
	if (!err)
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
