// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl link: list, pin, detach. Each type of link has a row of hooks in views[]; those for probes
 * and perf events are in link/probe.c.
 */
#include <errno.h>
#include <net/if.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/attach/attachments.h"
#include "kern/attach/devices.h"
#include "kern/object/link_list.h"
#include "kern/object/names.h"
#include "kern/attach/nf_names.h"
#include "kern/object/undo.h"
#include "link/link.h"
#include "view/show.h"
#include "view/table.h"

struct show_args {
	struct ref link;
	bool wide;
};

struct detach_args {
	struct ref link;
};

struct show_data {
	struct listing listing;
	struct devices *devices;
	struct show_table *table;
};

enum { C_ID, C_TYPE, C_PROG, C_NAME, C_ATTACHED, C_HELD, N_COLS };

static const struct table_col cols[N_COLS] = {
	[C_ID] = { NULL, "ID", 0, TABLE_RIGHT },
	[C_TYPE] = { NULL, "TYPE", 0, 0 },
	[C_PROG] = { NULL, "PROG", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_NAME] = { NULL, "NAME", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_ATTACHED] = { NULL, "ATTACHED", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_HELD] = { NULL, "HELD BY", 0, TABLE_CUT | TABLE_OPTIONAL },
};

struct pin_args {
	struct ref link;
	const char *path;
};

static const char *text_of(const struct link *l)
{
	return l->bufs.text ? l->bufs.text : "";
}

static void show_attach_type(struct ctx *ctx, uint32_t type)
{
	out_enum(ctx->out, "attach_type", "attach_type %s", name_of(ctx, NAMES_ATTACH_TYPE, type),
		 type);
}

static void show_raw_tp(struct ctx *ctx, const struct link *l)
{
	out_line(ctx->out);
	out_str(ctx->out, "tp_name", "tp '%s'", text_of(l));
	link_show_cookie(ctx->out, l->info.raw_tracepoint.cookie);
}

/* The type of a program by id; the link does not contain it. */
static void show_prog_type(struct ctx *ctx, uint32_t prog_id)
{
	auto_close int fd = obj_prog.open_id(prog_id, 0);
	struct bpf_prog_info info = {};
	int err = fd < 0 ? fd : obj_info(fd, &info, sizeof(info));

	if (err == -ENODEV && fd >= 0)
		err = obj_orphan_info(fd, &info);
	if (!err)
		out_enum(ctx->out, "prog_type", "prog_type %s",
			 name_of(ctx, NAMES_PROG_TYPE, info.type), info.type);
	else if (err != -ENOENT && err != -ENODEV)
		unread(ctx, err, obj_caps, "read the type of program %u", prog_id);
}

static void show_tracing(struct ctx *ctx, const struct link *l)
{
	struct out *o = ctx->out;

	out_line(o);
	show_prog_type(ctx, l->info.prog_id);
	show_attach_type(ctx, l->info.tracing.attach_type);
	out_line(o);
	out_form(o, l->info.tracing.target_obj_id || l->info.tracing.target_btf_id
			    ? "{target_obj_id}  {target_btf_id}" : "");
	out_uint(o, "target_obj_id", "target_obj_id %llu", l->info.tracing.target_obj_id);
	out_uint(o, "target_btf_id", "target_btf_id %llu", l->info.tracing.target_btf_id);
	out_form_end(o);
	out_line(o);
	link_show_cookie(ctx->out, l->info.tracing.cookie);
}

static void show_cgroup(struct ctx *ctx, const struct link *l)
{
	out_line(ctx->out);
	out_uint(ctx->out, "cgroup_id", "cgroup_id %llu", l->info.cgroup.cgroup_id);
	show_attach_type(ctx, l->info.cgroup.attach_type);
}

static void show_iter_cgroup(struct out *o, const struct link *l)
{
	static const char *const orders[] = {
		"order_unspec", "self_only", "descendants_pre", "descendants_post", "ancestors_up",
		"children",
	};
	uint32_t order = l->info.iter.cgroup.order;

	out_uint(o, "cgroup_id", "cgroup_id %llu", l->info.iter.cgroup.cgroup_id);
	out_str(o, "order", "order %s", order < ARRAY_SIZE(orders) ? orders[order] : "unknown");
}

static void show_iter(struct ctx *ctx, const struct link *l)
{
	const char *target = text_of(l);
	struct out *o = ctx->out;

	out_str(o, "target_name", "target_name %s", target);
	if (streq(target, "bpf_map_elem") || streq(target, "bpf_sk_storage_map"))
		out_uint(o, "map_id", "map_id %llu", l->info.iter.map_id);
	else if (streq(target, "cgroup"))
		show_iter_cgroup(o, l);
	else if (!streq(target, "task") && !streq(target, "task_file") &&
		 !streq(target, "task_vma"))
		return;
	else if (l->info.iter.task.tid)
		out_uint(o, "tid", "tid %llu", l->info.iter.task.tid);
	else if (l->info.iter.task.pid)
		out_uint(o, "pid", "pid %llu", l->info.iter.task.pid);
}

static void show_netns(struct ctx *ctx, const struct link *l)
{
	out_line(ctx->out);
	out_uint(ctx->out, "netns_ino", "netns_ino %llu", l->info.netns.netns_ino);
	show_attach_type(ctx, l->info.netns.attach_type);
}

/*
 * The kernel reports an interface index without its network namespace. The name is used here only
 * if the interface in our namespace confirms that the link is attached to it.
 */
static void show_ifindex(struct ctx *ctx, const struct link *l, const char *name)
{
	uint32_t ifindex = l->info.dev.ifindex;
	struct out *o = ctx->out;

	if (!name)
		name = ifindex ? "(unknown)" : "(detached)";
	out_line(o);
	out_str(o, "devname", "ifindex %s", name);
	out_sep(o, "");
	out_nonzero(o, "ifindex", "(%llu)", ifindex);
	out_sep(o, "  ");
}

static const char *dev_of_xdp(const struct link *l, char buf[static IF_NAMESIZE])
{
	uint32_t ifindex = l->info.dev.ifindex;

	if (l->dev)
		return *l->dev ? l->dev : NULL;
	return ifindex && device_has_xdp(l->devices, ifindex, l->info.prog_id, buf) ? buf : NULL;
}

static void show_xdp(struct ctx *ctx, const struct link *l)
{
	char name[IF_NAMESIZE];

	show_ifindex(ctx, l, dev_of_xdp(l, name));
}

static const char *dev_of_tcx(const struct link *l, char buf[static IF_NAMESIZE])
{
	uint32_t ifindex = l->info.dev.ifindex, type = l->info.dev.attach_type;

	if (l->dev)
		return *l->dev ? l->dev : NULL;
	if (!ifindex || !device_has_link(l->devices, ifindex, type, l->info.id))
		return NULL;
	return if_indextoname(ifindex, buf);
}

static void show_tcx(struct ctx *ctx, const struct link *l)
{
	char name[IF_NAMESIZE];

	show_ifindex(ctx, l, dev_of_tcx(l, name));
	show_attach_type(ctx, l->info.dev.attach_type);
}

/* Numbers keep their keys; words have their own keys (W36). */
static void show_netfilter(struct ctx *ctx, const struct link *l)
{
	uint32_t pf = l->info.netfilter.pf, number = l->info.netfilter.hooknum;
	const char *family = nf_family_name(pf), *hook = nf_hook_name(pf, number);
	struct out *o = ctx->out;

	out_line(o);
	out_form(o, "{pf_name|pf} {hook_name|hook} {prio}{flags}");
	out_uint(o, "pf", "pf: %llu", pf);
	out_uint(o, "hook", "hook %llu", number);
	out_int(o, "prio", "prio %lld", l->info.netfilter.priority);
	out_nonzero(o, "flags", " flags 0x%llx", l->info.netfilter.flags);
	if (family)
		out_str(o, "pf_name", "%s", family);
	if (hook)
		out_str(o, "hook_name", "%s", hook);
	out_form_end(o);
}

static void show_sockmap(struct ctx *ctx, const struct link *l)
{
	out_line(ctx->out);
	out_uint(ctx->out, "map_id", "map_id %llu", l->info.map.map_id);
	show_attach_type(ctx, l->info.map.attach_type);
}

static const struct link_view raw_tp_view = { show_raw_tp };
static const struct link_view tracing_view = { show_tracing };
static const struct link_view cgroup_view = { show_cgroup };
static const struct link_view iter_view = { show_iter };
static const struct link_view netns_view = { show_netns };
static const struct link_view xdp_view = { show_xdp };
static const struct link_view tcx_view = { show_tcx };
static const struct link_view netfilter_view = { show_netfilter };
static const struct link_view sockmap_view = { show_sockmap };

static void show_nothing(UNUSED struct ctx *ctx, UNUSED const struct link *l)
{
}

/* The map of a struct_ops link is part of the header. */
static const struct link_view struct_ops_view = { show_nothing };

/* Types without a row are newer than bpfctl: link_by_btf. */
static const struct link_view *const views[] = {
	[ABI_LINK_TYPE_RAW_TRACEPOINT] = &raw_tp_view,
	[ABI_LINK_TYPE_TRACING] = &tracing_view,
	[ABI_LINK_TYPE_CGROUP] = &cgroup_view,
	[ABI_LINK_TYPE_ITER] = &iter_view,
	[ABI_LINK_TYPE_NETNS] = &netns_view,
	[ABI_LINK_TYPE_XDP] = &xdp_view,
	[ABI_LINK_TYPE_PERF_EVENT] = &link_perf_event,
	[ABI_LINK_TYPE_KPROBE_MULTI] = &link_kprobe_multi,
	[ABI_LINK_TYPE_STRUCT_OPS] = &struct_ops_view,
	[ABI_LINK_TYPE_NETFILTER] = &netfilter_view,
	[ABI_LINK_TYPE_TCX] = &tcx_view,
	[ABI_LINK_TYPE_UPROBE_MULTI] = &link_uprobe_multi,
	[ABI_LINK_TYPE_NETKIT] = &tcx_view,
	[ABI_LINK_TYPE_SOCKMAP] = &sockmap_view,
	[ABI_LINK_TYPE_TRACING_MULTI] = &link_tracing_multi,
};

static const struct link_view *view_of(const struct link *l)
{
	const struct link_view *view =
		l->info.type < ARRAY_SIZE(views) ? views[l->info.type] : NULL;

	return view ? view : &link_by_btf;
}

static void show_head(struct ctx *ctx, const struct link *l)
{
	struct out *o = ctx->out;

	out_id(o, "id", l->info.id);
	out_enum(o, "type", "%s", name_of(ctx, NAMES_LINK_TYPE, l->info.type), l->info.type);
	if (l->info.type == ABI_LINK_TYPE_STRUCT_OPS) {
		out_json_uint(o, "prog_id", l->info.prog_id);
		out_uint(o, "map_id", "map %llu", l->info.map.map_id);
	} else {
		out_uint(o, "prog_id", "prog %llu", l->info.prog_id);
	}
}

/* The cookie of a perf event, if it was found along with the owners. */
static void show_owner_cookie(struct ctx *ctx, const struct listing *listing, uint32_t id)
{
	size_t n;
	const struct owner *owners = owners_of(listing->owners, id, &n);

	if (!n || !owners[0].has_cookie)
		return;
	out_line(ctx->out);
	out_uint(ctx->out, "bpf_cookie", "bpf_cookie %llu", owners[0].bpf_cookie);
}

static void show_record(struct ctx *ctx, const struct listing *listing, const struct link *l)
{
	out_rec(ctx->out, NULL);
	show_head(ctx, l);
	view_of(l)->show(ctx, l);
	show_pins(ctx, listing, l->info.id);
	show_owner_cookie(ctx, listing, l->info.id);
	show_owners(ctx->out, listing->owners, l->info.id);
	out_rec_end(ctx->out);
}

static int show_link(struct ctx *ctx, int fd, const void *data)
{
	const struct show_data *d = data;
	struct link l = { .fd = fd, .devices = d->devices };
	int err = link_info_read(fd, LINK_PLACES_MAX, &l.info, &l.bufs);

	if (err)
		fail_read(ctx, &obj_link, fd, err);
	else
		show_record(ctx, &d->listing, &l);
	link_bufs_free(&l.bufs);
	return err;
}

static int show_opened(struct ctx *ctx, int fd, const void *data)
{
	return show_ended(ctx, show_link(ctx, fd, data));
}

static int show_brief(struct ctx *ctx, const struct link_brief *brief, const void *data)
{
	const struct show_data *d = data;
	const struct link l = { .fd = -1, .info = brief->info, .dev = brief->dev };

	show_record(ctx, &d->listing, &l);
	return show_ended(ctx, 0);
}

static int show_all(struct ctx *ctx, const struct show_data *d)
{
	static const struct link_visit visit = { show_brief, show_opened };
	int err;

	out_stream(ctx->out, NULL);
	err = links_each(ctx, d->listing.n_expected, &visit, d);
	if (!err)
		out_stream_end(ctx->out);
	return err;
}

/* One line for people: the record has what does not fit. */
static int show_row(struct ctx *ctx, int fd, const void *data)
{
	const struct show_data *d = data;
	struct abi_link_info info = {};
	const struct att_prog *prog;
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		return fail_read(ctx, &obj_link, fd, err);
	err = show_table_row(ctx, d->table);
	if (err)
		return err;
	table_uint(d->table->table, C_ID, info.id);
	table_enum(d->table->table, C_TYPE, name_of(ctx, NAMES_LINK_TYPE, info.type), info.type);
	table_nonzero(d->table->table, C_PROG, info.prog_id);
	prog = attachments_prog(d->table->attachments, info.prog_id);
	table_str(d->table->table, C_NAME, prog ? prog->name : "");
	err = show_table_attached(ctx, d->table, C_ATTACHED, info.prog_id, info.id);
	return err ? err : show_table_holders(d->table, C_HELD, info.id);
}

static int end_rows(struct ctx *ctx, const void *data)
{
	const struct show_data *d = data;

	return show_table_end(ctx, d->table);
}

static int link_show(struct ctx *ctx, const void *args)
{
	static const struct show_how how = { show_link, show_row, end_rows };
	const struct show_args *a = args;
	struct show_table table = { .kind = &obj_link, .cols = cols, .n_cols = N_COLS,
				    .attached = ATT_FROM_LINKS,
				    .wide = a->wide || ctx->opts->bpffs };
	struct devices devices = {};
	struct show_data d = { .devices = &devices, .table = &table };
	int err;

	listing_open(ctx, &obj_link, &d.listing);
	table.listing = &d.listing;
	if (a->link.how == REF_NONE && !show_as_table(ctx))
		err = show_all(ctx, &d);
	else
		err = show_objs(ctx, &obj_link, &a->link, 0, &how, &d);
	show_table_free(&table);
	listing_close(&d.listing);
	devices_close(&devices);
	return err;
}

static int link_pin(struct ctx *ctx, const void *args)
{
	const struct pin_args *a = args;
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_link, &a->link, 0, &fd);

	return err ? err : undo_pin_last(ctx, fd, a->path);
}

static int fail_detach(struct ctx *ctx, const struct abi_link_info *info, int err)
{
	const char *type = name_of(ctx, NAMES_LINK_TYPE, info->type);
	char number[16];

	snprintf(number, sizeof(number), "%u", info->type);
	fail(ctx->err, err, "detach link %u", info->id);
	if (err == -EOPNOTSUPP)
		err_hint(ctx->err,
			 "the kernel cannot detach links of type %s; it is released when "
			 "the last process closes it and its last pin is removed",
			 type ?: number);
	err_hint_denied(ctx->err, obj_caps);
	return err;
}

static int link_detach(struct ctx *ctx, const void *args)
{
	const struct detach_args *a = args;
	struct abi_link_info info = {};
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_link, &a->link, 0, &fd);

	if (err)
		return err;
	err = obj_info(fd, &info, sizeof(info));
	if (!err)
		err = bpf_link_detach(fd);
	if (err)
		return fail_detach(ctx, &info, err);
	ctx_changed(ctx, "link %u is detached", info.id);
	return 0;
}

static const struct param show_params[] = {
	PARAM_REF(struct show_args, link, "", "LINK", ref_words_link, "only these links",
		  .flags = PF_REPEAT, .complete = obj_complete_link),
	PARAM_WIDE(struct show_args),
	{ }
};

static const struct param detach_params[] = {
	PARAM_REF(struct detach_args, link, "", "LINK", ref_words_link, "the link",
		  .flags = PF_REQUIRED, .complete = obj_complete_link),
	{ }
};

static const struct param pin_params[] = {
	PARAM_REF(struct pin_args, link, "", "LINK", ref_words_link, "the link",
		  .flags = PF_REQUIRED, .complete = obj_complete_link),
	PARAM_PATH(struct pin_args, path, "", "FILE", "a new path on a BPF file system",
		   .flags = PF_REQUIRED),
	{ }
};

static const struct cmd link_show_cmd = {
	.name = "show", .help = "list links",
	.params = show_params, .args_size = sizeof(struct show_args),
	.run = link_show, .flags = CMD_DEFAULT,
};

static const struct cmd link_pin_cmd = {
	.name = "pin", .help = "pin a link to a file",
	.params = pin_params, .args_size = sizeof(struct pin_args),
	.run = link_pin,
};

static const struct cmd link_detach_cmd = {
	.name = "detach", .help = "detach a link from its attach target",
	.params = detach_params, .args_size = sizeof(struct detach_args),
	.run = link_detach,
};

/* Exported by files in link/. */
extern const struct cmd link_unpin_cmd;

static const struct cmd *const link_cmds[] = {
	&link_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&link_pin_cmd,
	&link_detach_cmd,
	&link_unpin_cmd,
	NULL
};

const struct cmd link_cmd = {
	.name = "link", .help = "links: list, pin, detach",
	.sub = link_cmds,
};
