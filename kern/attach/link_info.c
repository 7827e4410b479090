// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The table of link types: the buffers of each, its attach target, and whether the kernel can
 * detach it.
 */
#include <errno.h>

#include "kern/attach/attachments.h"
#include "kern/attach/link_info.h"

/* --- what to request: info has the sizes that the kernel returned, and gets buffers --- */

static int want_array(uint64_t **array, uint32_t n)
{
	*array = calloc(n, sizeof(**array));
	return *array ? 0 : -ENOMEM;
}

/* len: some kernels include the NUL, some do not. */
static int want_text(struct link_bufs *b, __u64 *ret_at, uint32_t *len)
{
	++*len;
	b->text = calloc(1, (size_t)*len + 1);
	*ret_at = ptr_to_u64(b->text);
	return b->text ? 0 : -ENOMEM;
}

static int want_raw_tp(struct abi_link_info *i, struct link_bufs *b)
{
	return want_text(b, &i->raw_tracepoint.tp_name, &i->raw_tracepoint.tp_name_len);
}

static int want_iter(struct abi_link_info *i, struct link_bufs *b)
{
	return want_text(b, &i->iter.target_name, &i->iter.target_name_len);
}

/* The name's buffer and length have the same offsets everywhere in the union except for events. */
static int want_perf_event(struct abi_link_info *i, struct link_bufs *b)
{
	if (i->perf_event.type < ABI_PERF_EVENT_UPROBE ||
	    i->perf_event.type > ABI_PERF_EVENT_TRACEPOINT)
		return 0;
	return want_text(b, &i->perf_event.uprobe.file_name, &i->perf_event.uprobe.name_len);
}

static int want_functions(struct link_bufs *b)
{
	if (!b->n)
		return 0;
	return want_array(&b->addrs, b->n) ?: want_array(&b->cookies, b->n);
}

static int want_kprobe_multi(struct abi_link_info *i, struct link_bufs *b)
{
	if (want_functions(b))
		return -ENOMEM;
	i->kprobe_multi.count = b->n;		/* a count without buffers is rejected */
	i->kprobe_multi.addrs = ptr_to_u64(b->addrs);
	i->kprobe_multi.cookies = ptr_to_u64(b->cookies);
	return 0;
}

static int want_uprobe_multi(struct abi_link_info *i, struct link_bufs *b)
{
	b->text = calloc(1, (size_t)i->uprobe_multi.path_size + 1);
	if (!b->text ||
	    (b->n && (want_array(&b->offsets, b->n) || want_array(&b->ref_ctr_offsets, b->n) ||
		      want_array(&b->cookies, b->n))))
		return -ENOMEM;
	i->uprobe_multi.path = i->uprobe_multi.path_size ? ptr_to_u64(b->text) : 0;
	i->uprobe_multi.offsets = ptr_to_u64(b->offsets);
	i->uprobe_multi.ref_ctr_offsets = ptr_to_u64(b->ref_ctr_offsets);
	i->uprobe_multi.cookies = ptr_to_u64(b->cookies);
	return 0;
}

static int want_tracing_multi(struct abi_link_info *i, struct link_bufs *b)
{
	if (want_functions(b))
		return -ENOMEM;
	b->ids = b->n ? calloc(b->n, sizeof(*b->ids)) : NULL;
	i->tracing_multi.count = b->n;
	i->tracing_multi.ids = ptr_to_u64(b->ids);
	i->tracing_multi.addrs = ptr_to_u64(b->addrs);
	i->tracing_multi.cookies = ptr_to_u64(b->cookies);
	return b->n && !b->ids ? -ENOMEM : 0;
}

/* --- attach targets --- */

static void fill_perf_event(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
			    struct attachment *a)
{
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

static void fill_multi(const struct abi_link_info *i, const struct link_bufs *b,
		       struct attachment *a)
{
	if (a->kind == ATT_UPROBE_MULTI) {
		a->n_places = i->uprobe_multi.count;
		a->at_return = i->uprobe_multi.flags & ABI_F_MULTI_RETURN;
		a->offset = b->n == 1 ? b->offsets[0] : 0;
	} else {
		a->n_places = i->kprobe_multi.count;
		a->at_return = i->kprobe_multi.flags & ABI_F_MULTI_RETURN;
		a->addr = b->n == 1 ? b->addrs[0] : 0;
	}
}

static void fill_dev(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
		     struct attachment *a)
{
	a->ifindex = i->dev.ifindex;
	if (a->kind != ATT_XDP)
		a->attach_type = i->dev.attach_type;
}

static void fill_map(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
		     struct attachment *a)
{
	a->map_id = i->map.map_id;
	if (a->kind == ATT_SOCKMAP)
		a->attach_type = i->map.attach_type;
	else
		a->prog_id = 0; /* struct_ops: the map has the members' programs */
}

static void fill_cgroup(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
			struct attachment *a)
{
	a->cgroup_id = i->cgroup.cgroup_id;
	a->attach_type = i->cgroup.attach_type;
}

static void fill_netns(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
		       struct attachment *a)
{
	a->netns_ino = i->netns.netns_ino;
	a->attach_type = i->netns.attach_type;
}

static void fill_netfilter(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
			   struct attachment *a)
{
	a->nf.pf = i->netfilter.pf;
	a->nf.hook = i->netfilter.hooknum;
	a->nf.prio = i->netfilter.priority;
	a->nf.flags = i->netfilter.flags;
}

static void fill_raw_tp(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
			struct attachment *a)
{
	a->cookie = i->raw_tracepoint.cookie;
}

static void fill_iter(const struct abi_link_info *i, const struct link_bufs *b,
		      struct attachment *a)
{
	const char *target = b->text ? b->text : "";

	if (streq(target, "bpf_map_elem") || streq(target, "bpf_sk_storage_map"))
		a->map_id = i->iter.map_id;
	else if (streq(target, "cgroup"))
		a->cgroup_id = i->iter.cgroup.cgroup_id;
	else if (streq(target, "task") || streq(target, "task_file") || streq(target, "task_vma"))
		a->task = (struct att_task){ i->iter.task.tid, i->iter.task.pid };
}

static void fill_tracing(const struct abi_link_info *i, UNUSED const struct link_bufs *b,
			 struct attachment *a)
{
	a->attach_type = i->tracing.attach_type;
	a->target.btf_obj_id = i->tracing.target_obj_id;
	a->target.btf_id = i->tracing.target_btf_id;
	a->cookie = i->tracing.cookie;
}

static void fill_tracing_multi(const struct abi_link_info *i, const struct link_bufs *b,
			       struct attachment *a)
{
	a->attach_type = i->tracing_multi.attach_type;
	a->target.btf_obj_id = i->tracing_multi.btf_obj_id;
	a->n_places = i->tracing_multi.count;
	if (b->n == 1) {
		a->target.btf_id = b->ids[0];
		a->addr = b->addrs[0];
		a->cookie = b->cookies[0];
	}
}

/* --- the types --- */

enum { FIXED = 1 << 0 }; /* the kernel cannot detach it: it is freed with its last holder */

static const struct link_type {
	enum att_kind kind;
	unsigned int flags;
	int (*want)(struct abi_link_info *i,
		    struct link_bufs *b); /* NULL: the first call returns everything */
	void (*fill)(const struct abi_link_info *i, const struct link_bufs *b,
		     struct attachment *a);
} types[] = {
	[ABI_LINK_TYPE_RAW_TRACEPOINT] = { ATT_RAW_TRACEPOINT, FIXED, want_raw_tp, fill_raw_tp },
	[ABI_LINK_TYPE_TRACING] = { ATT_TRACING, FIXED, NULL, fill_tracing },
	[ABI_LINK_TYPE_CGROUP] = { ATT_CGROUP, 0, NULL, fill_cgroup },
	[ABI_LINK_TYPE_ITER] = { ATT_ITER, FIXED, want_iter, fill_iter },
	[ABI_LINK_TYPE_NETNS] = { ATT_NETNS, 0, NULL, fill_netns },
	[ABI_LINK_TYPE_XDP] = { ATT_XDP, 0, NULL, fill_dev },
	[ABI_LINK_TYPE_PERF_EVENT] = { ATT_PERF_EVENT, FIXED, want_perf_event, fill_perf_event },
	[ABI_LINK_TYPE_KPROBE_MULTI] = { ATT_KPROBE_MULTI, FIXED, want_kprobe_multi, fill_multi },
	[ABI_LINK_TYPE_STRUCT_OPS] = { ATT_STRUCT_OPS, 0, NULL, fill_map },
	[ABI_LINK_TYPE_NETFILTER] = { ATT_NETFILTER, FIXED, NULL, fill_netfilter },
	[ABI_LINK_TYPE_TCX] = { ATT_TCX, 0, NULL, fill_dev },
	[ABI_LINK_TYPE_UPROBE_MULTI] = { ATT_UPROBE_MULTI, FIXED, want_uprobe_multi, fill_multi },
	[ABI_LINK_TYPE_NETKIT] = { ATT_NETKIT, 0, NULL, fill_dev },
	[ABI_LINK_TYPE_SOCKMAP] = { ATT_SOCKMAP, 0, NULL, fill_map },
	[ABI_LINK_TYPE_TRACING_MULTI] = { ATT_TRACING, FIXED, want_tracing_multi,
					  fill_tracing_multi },
};

/* NULL: a newer type. */
static const struct link_type *find_type(uint32_t type)
{
	return type && type < ARRAY_SIZE(types) ? &types[type] : NULL;
}

static uint32_t n_places(const struct abi_link_info *i)
{
	switch (i->type) {
	case ABI_LINK_TYPE_KPROBE_MULTI:
		return i->kprobe_multi.count;
	case ABI_LINK_TYPE_UPROBE_MULTI:
		return i->uprobe_multi.count;
	case ABI_LINK_TYPE_TRACING_MULTI:
		return i->tracing_multi.count;
	default:
		return 0;
	}
}

/* Once for the type and the sizes, and, if there are buffers to fill, once more for these. */
int link_info_read(int fd, uint32_t max_places, struct abi_link_info *ret, struct link_bufs *bufs)
{
	const struct link_type *t;
	int err = obj_info(fd, ret, sizeof(*ret));

	t = find_type(ret->type);
	if (err || !t || !t->want)
		return err;
	bufs->n = n_places(ret);
	if (bufs->n > max_places && max_places >= LINK_PLACES_MAX)
		return -E2BIG;
	if (bufs->n > max_places)
		bufs->n = 0;
	err = t->want(ret, bufs);
	if (!err)
		err = obj_info(fd, ret, sizeof(*ret));
	return err;
}

void link_bufs_free(struct link_bufs *b)
{
	free(b->text);
	free(b->addrs);
	free(b->offsets);
	free(b->ref_ctr_offsets);
	free(b->cookies);
	free(b->ids);
}

void link_describe(const struct abi_link_info *info, const struct link_bufs *bufs,
		   struct attachment *ret)
{
	const struct link_type *t = find_type(info->type);

	*ret = (struct attachment){
		.prog_id = info->prog_id,
		.kind = t ? t->kind : ATT_UNKNOWN,
		.held = ATT_BY_LINK,
		.xdp_mode = -1,
		.link_id = info->id,
		.link_type = info->type,
		.attach_type = ATT_NO_TYPE,
	};
	if (t)
		t->fill(info, bufs, ret);
}

bool link_type_can_detach(uint32_t type)
{
	const struct link_type *t = find_type(type);

	return !t || !(t->flags & FIXED);
}
