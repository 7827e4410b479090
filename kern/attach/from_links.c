// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Attachments by links. What one cannot be told about the place from here, other sources add. */
#include <errno.h>
#include <limits.h>

#include "kern/abi.h"
#include "kern/attach/attachments_int.h"
#include "kern/kernel.h"
#include "kern/object/link_list.h"

struct link_read {
	struct abi_link_info info;
	uint64_t one;			/* the only address or offset of a multi link */
	char text[PATH_MAX + 1];
};

static void want_multi(struct link_read *r)
{
	if (r->info.type == ABI_LINK_TYPE_UPROBE_MULTI) {
		r->info.uprobe_multi.path = ptr_to_u64(r->text);
		r->info.uprobe_multi.path_size = sizeof(r->text) - 1;
		if (r->info.uprobe_multi.count == 1)
			r->info.uprobe_multi.offsets = ptr_to_u64(&r->one);
	} else if (r->info.kprobe_multi.count == 1) {
		r->info.kprobe_multi.addrs = ptr_to_u64(&r->one);
	}
}

/* Buffers for what the type can put in some; false: the first call told everything. */
static bool want_more(struct link_read *r)
{
	uint32_t len = sizeof(r->text) - 1;

	switch (r->info.type) {
	case ABI_LINK_TYPE_RAW_TRACEPOINT:
		r->info.raw_tracepoint.tp_name = ptr_to_u64(r->text);
		r->info.raw_tracepoint.tp_name_len = len;
		return true;
	case ABI_LINK_TYPE_ITER:
		r->info.iter.target_name = ptr_to_u64(r->text);
		r->info.iter.target_name_len = len;
		return true;
	case ABI_LINK_TYPE_PERF_EVENT:
		if (r->info.perf_event.type < ABI_PERF_EVENT_UPROBE ||
		    r->info.perf_event.type > ABI_PERF_EVENT_TRACEPOINT)
			return false;
		/* The name stands at the same place in all three. */
		r->info.perf_event.uprobe.file_name = ptr_to_u64(r->text);
		r->info.perf_event.uprobe.name_len = len;
		return true;
	case ABI_LINK_TYPE_KPROBE_MULTI:
	case ABI_LINK_TYPE_UPROBE_MULTI:
		want_multi(r);
		return true;
	default:
		return false;
	}
}

static int read_link(int fd, struct link_read *r)
{
	int err = obj_info(fd, &r->info, sizeof(r->info));

	r->text[0] = '\0';
	r->one = 0;
	if (!err && want_more(r))
		err = obj_info(fd, &r->info, sizeof(r->info));
	r->text[sizeof(r->text) - 1] = '\0';
	return err == -ENOSPC ? 0 : err;	/* the name is cut, all else is there */
}

static void fill_perf_event(const struct link_read *r, struct attachment *a)
{
	const struct abi_link_info *i = &r->info;

	switch (i->perf_event.type) {
	case ABI_PERF_EVENT_UPROBE:
	case ABI_PERF_EVENT_URETPROBE:
		a->kind = ATT_UPROBE;
		a->at_return = i->perf_event.type == ABI_PERF_EVENT_URETPROBE;
		a->offset = i->perf_event.uprobe.offset;
		a->cookie = i->perf_event.uprobe.cookie;
		break;
	case ABI_PERF_EVENT_KPROBE:
	case ABI_PERF_EVENT_KRETPROBE:
		a->kind = ATT_KPROBE;
		a->at_return = i->perf_event.type == ABI_PERF_EVENT_KRETPROBE;
		a->offset = i->perf_event.kprobe.offset;
		a->addr = i->perf_event.kprobe.addr;
		a->cookie = i->perf_event.kprobe.cookie;
		break;
	case ABI_PERF_EVENT_TRACEPOINT:
		a->kind = ATT_TRACEPOINT;
		a->cookie = i->perf_event.tracepoint.cookie;
		break;
	case ABI_PERF_EVENT_EVENT:
		a->event.type = i->perf_event.event.type;
		a->event.config = i->perf_event.event.config;
		a->cookie = i->perf_event.event.cookie;
	}
}

static void fill_multi(const struct link_read *r, struct attachment *a)
{
	const struct abi_link_info *i = &r->info;

	if (a->kind == ATT_UPROBE_MULTI) {
		a->n_places = i->uprobe_multi.count;
		a->at_return = i->uprobe_multi.flags & ABI_F_MULTI_RETURN;
		a->offset = r->one;
	} else {
		a->n_places = i->kprobe_multi.count;
		a->at_return = i->kprobe_multi.flags & ABI_F_MULTI_RETURN;
		a->addr = r->one;
	}
}

static void fill_dev(const struct link_read *r, struct attachment *a)
{
	a->ifindex = r->info.dev.ifindex;
	if (a->kind != ATT_XDP)
		a->attach_type = r->info.dev.attach_type;
}

static void fill_map(const struct link_read *r, struct attachment *a)
{
	a->map_id = r->info.map.map_id;
	if (a->kind == ATT_SOCKMAP)
		a->attach_type = r->info.map.attach_type;
	else
		a->prog_id = 0;		/* struct_ops: the members' programs are the map's business */
}

static void fill_cgroup(const struct link_read *r, struct attachment *a)
{
	a->cgroup_id = r->info.cgroup.cgroup_id;
	a->attach_type = r->info.cgroup.attach_type;
}

static void fill_netns(const struct link_read *r, struct attachment *a)
{
	a->netns_ino = r->info.netns.netns_ino;
	a->attach_type = r->info.netns.attach_type;
}

static void fill_netfilter(const struct link_read *r, struct attachment *a)
{
	a->nf.pf = r->info.netfilter.pf;
	a->nf.hook = r->info.netfilter.hooknum;
	a->nf.prio = r->info.netfilter.priority;
	a->nf.flags = r->info.netfilter.flags;
}

static void fill_raw_tp(const struct link_read *r, struct attachment *a)
{
	a->cookie = r->info.raw_tracepoint.cookie;
}

static void fill_iter(const struct link_read *r, struct attachment *a)
{
	if (streq(r->text, "bpf_map_elem") || streq(r->text, "bpf_sk_storage_map"))
		a->map_id = r->info.iter.map_id;
	else if (streq(r->text, "cgroup"))
		a->cgroup_id = r->info.iter.cgroup.cgroup_id;
	else if (streq(r->text, "task") || streq(r->text, "task_file") || streq(r->text, "task_vma"))
		a->task = (struct att_task){ r->info.iter.task.tid, r->info.iter.task.pid };
}

static void fill_tracing(const struct link_read *r, struct attachment *a)
{
	a->attach_type = r->info.tracing.attach_type;
	a->target.btf_obj_id = r->info.tracing.target_obj_id;
	a->target.btf_id = r->info.tracing.target_btf_id;
	a->cookie = r->info.tracing.cookie;
}

static const struct link_type {
	enum att_kind kind;
	void (*fill)(const struct link_read *r, struct attachment *a);
} types[] = {
	[0] = { ATT_UNKNOWN, NULL },
	[ABI_LINK_TYPE_RAW_TRACEPOINT] = { ATT_RAW_TRACEPOINT, fill_raw_tp },
	[ABI_LINK_TYPE_TRACING] = { ATT_TRACING, fill_tracing },
	[ABI_LINK_TYPE_CGROUP] = { ATT_CGROUP, fill_cgroup },
	[ABI_LINK_TYPE_ITER] = { ATT_ITER, fill_iter },
	[ABI_LINK_TYPE_NETNS] = { ATT_NETNS, fill_netns },
	[ABI_LINK_TYPE_XDP] = { ATT_XDP, fill_dev },
	[ABI_LINK_TYPE_PERF_EVENT] = { ATT_PERF_EVENT, fill_perf_event },
	[ABI_LINK_TYPE_KPROBE_MULTI] = { ATT_KPROBE_MULTI, fill_multi },
	[ABI_LINK_TYPE_STRUCT_OPS] = { ATT_STRUCT_OPS, fill_map },
	[ABI_LINK_TYPE_NETFILTER] = { ATT_NETFILTER, fill_netfilter },
	[ABI_LINK_TYPE_TCX] = { ATT_TCX, fill_dev },
	[ABI_LINK_TYPE_UPROBE_MULTI] = { ATT_UPROBE_MULTI, fill_multi },
	[ABI_LINK_TYPE_NETKIT] = { ATT_NETKIT, fill_dev },
	[ABI_LINK_TYPE_SOCKMAP] = { ATT_SOCKMAP, fill_map },
	[ABI_LINK_TYPE_TRACING_MULTI] = { ATT_TRACING, NULL },
};

/*
 * A tracing link's target is a function of the kernel or of a program: the number it gives is that of a BTF
 * object or that of the program, and only the program's own information tells which.
 */
static int find_target(struct ctx *ctx, struct attachment *a)
{
	auto_close int prog = obj_prog.open_id(a->prog_id, 0), btf_fd = -1;
	struct bpf_prog_info info = {};
	char object[32] = "";
	struct bpf_btf_info btf_info = { .name = ptr_to_u64(object), .name_len = sizeof(object) };
	auto_btf struct btf *owned = NULL;
	int err;
	const struct btf_type *func;
	const struct btf *btf;

	err = prog < 0 ? prog : obj_info(prog, &info, sizeof(info));
	if (err || !info.attach_btf_obj_id)
		return err;
	btf_fd = obj_btf.open_id(info.attach_btf_obj_id, 0);
	err = btf_fd < 0 ? btf_fd : obj_info(btf_fd, &btf_info, sizeof(btf_info));
	if (err && err != -ENOSPC)	/* a name that is cut */
		return err;
	if (!btf_info.kernel_btf) {
		a->target.prog_id = a->target.btf_obj_id;
		a->target.btf_obj_id = 0;
		if (info.type == BPF_PROG_TYPE_EXT)
			a->kind = ATT_EXT;
	}
	btf = streq(object, "vmlinux") ? kernel_btf(ctx, NULL) : NULL;
	err = btf ? 0 : obj_btf_by_id(ctx, info.attach_btf_obj_id, &owned);
	if (err)
		return err;
	func = btf__type_by_id(btf ? btf : owned, a->target.btf_id);
	if (func)
		a->name = strdup(btf__name_by_offset(btf ? btf : owned, func->name_off));
	return func && !a->name ? -ENOMEM : 0;
}

static int add_link(struct ctx *ctx, struct attachments *set, const struct link_read *r)
{
	struct attachment a = {
		.prog_id = r->info.prog_id, .kind = ATT_UNKNOWN, .held = ATT_BY_LINK, .xdp_mode = -1,
		.link_id = r->info.id, .link_type = r->info.type, .attach_type = ATT_NO_TYPE,
	};
	int err = 0;

	if (r->info.type < ARRAY_SIZE(types)) {
		a.kind = types[r->info.type].kind;
		if (types[r->info.type].fill)
			types[r->info.type].fill(r, &a);
	}
	if (r->info.type == ABI_LINK_TYPE_TRACING)
		err = find_target(ctx, &a);
	if (err && err != -ENOENT && err != -ENODEV)
		unread(ctx, err, "cap_sys_admin", "read the target of link %u", a.link_id);
	if (r->text[0])
		a.name = strdup(r->text);
	err = attachments_add(set, &a);
	return err ? fail(ctx->err, err, "list attachments") : 0;
}

struct link_walk {
	struct attachments *set;
	struct link_read *r;
};

static int visit_link(struct ctx *ctx, int fd, const void *data)
{
	const struct link_walk *w = data;
	int err;

	w->r->info = (struct abi_link_info){};
	err = read_link(fd, w->r);
	if (!err)
		return add_link(ctx, w->set, w->r);
	fail(ctx->err, err, "read a link");
	report_and_skip(ctx);
	return 0;
}

static int visit_brief(struct ctx *ctx, const struct link_brief *brief, const void *data)
{
	const struct link_walk *w = data;

	w->r->info = brief->info;
	w->r->text[0] = '\0';
	w->r->one = 0;
	return add_link(ctx, w->set, w->r);
}

int attach_from_links(struct ctx *ctx, struct attachments *set)
{
	static const struct link_visit visit = { visit_brief, visit_link };
	auto_free struct link_read *r = malloc(sizeof(*r));
	const struct link_walk w = { .set = set, .r = r };

	if (!r)
		return fail(ctx->err, -ENOMEM, "list attachments");
	return links_each(ctx, obj_count(&obj_link, LINKS_MANY), &visit, &w);
}
