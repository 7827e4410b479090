// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Attach targets: one function per kind, for text and for JSON. */
#include <errno.h>

#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/attach/nf_names.h"
#include "kern/attach/perf_names.h"
#include "view/attach_place.h"

const char *const attach_place_kinds[] = {
	[ATT_XDP] = "xdp",
	[ATT_TCX] = "tcx",
	[ATT_NETKIT] = "netkit",
	[ATT_TC] = "tc",
	[ATT_TC_ACTION] = "tc_action",
	[ATT_NETNS] = "netns",
	[ATT_NETFILTER] = "netfilter",
	[ATT_CGROUP] = "cgroup",
	[ATT_SOCKMAP] = "sockmap",
	[ATT_TRACEPOINT] = "tracepoint",
	[ATT_RAW_TRACEPOINT] = "raw_tracepoint",
	[ATT_KPROBE] = "kprobe",
	[ATT_UPROBE] = "uprobe",
	[ATT_KPROBE_MULTI] = "kprobe_multi",
	[ATT_UPROBE_MULTI] = "uprobe_multi",
	[ATT_PERF_EVENT] = "perf_event",
	[ATT_TRACING] = "tracing",
	[ATT_EXT] = "freplace",
	[ATT_ITER] = "iter",
	[ATT_STRUCT_OPS] = "struct_ops",
	[ATT_PROG_ARRAY] = "prog_array",
	[ATT_DEVMAP] = "devmap",
	[ATT_CPUMAP] = "cpumap",
	[ATT_UNKNOWN] = "unknown",
	[ATT_KINDS] = NULL,
};

static const char *hook_word(struct ctx *ctx, const struct attachment *a)
{
	const char *word = NULL;

	if (a->attach_type != ATT_NO_TYPE)
		word = name_of(ctx, NAMES_ATTACH_TYPE, a->attach_type);
	return word ? word : "?";
}

static const char *xdp_mode(int mode)
{
	static const char *const words[] = { [NL_XDP_GENERIC] = "generic",
					     [NL_XDP_DRIVER] = "driver",
					     [NL_XDP_OFFLOAD] = "offload" };

	return mode < 0 ? NULL : words[mode];
}

static uint32_t tc_prio(const struct attachment *a)
{
	return a->tc.info >> 16;
}

static bool has_name(const struct attachment *a)
{
	return a->name && *a->name;
}

/* The device, or what is known of it if it is in another network namespace or was removed. */
static void show_dev(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	const char *gone = a->ifindex ? "(unknown)" : "(detached)";

	out_form(o, a->ifindex && !a->name ? "{devname}({ifindex})" : "{devname}");
	out_str(o, "devname", "%s", a->ifindex && a->name ? a->name : gone);
	out_uint(o, "ifindex", "%llu", a->ifindex);
	out_form_end(o);
	if (xdp_mode(a->xdp_mode))
		out_str(o, "mode", " %s", xdp_mode(a->xdp_mode));
}

/* tcx_ingress, netkit_peer: the first half is the kind, which is printed next to it. */
static void show_dev_hook(struct ctx *ctx, struct out *o, const struct attachment *a)
{
	const char *word = hook_word(ctx, a);

	show_dev(ctx, o, a);
	out_item(o, " %s", strchr(word, '_') ? strchr(word, '_') + 1 : word);
}

static void show_tc(struct ctx *ctx, struct out *o, const struct attachment *a)
{
	show_dev(ctx, o, a);
	out_str(o, "qdisc", " %s", a->tc.kind);
	out_uint(o, "parent", "%llu", a->tc.parent);
	if (a->tc.block)
		out_uint(o, "block", " block %llu", a->tc.block);
	out_uint(o, "prio", " prio %llu", tc_prio(a));
	out_uint(o, "handle", " handle 0x%llx", a->tc.handle);
	out_nonzero(o, "chain", " chain %llu", a->tc.chain);
}

static void show_action(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	out_uint(o, "index", "action %llu", a->action);
	out_count(o, "filters", "%llu filter", "%llu filters", a->n_places);
}

static void show_netns(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	if (!a->netns_ino)
		out_item(o, " (detached)");
}

static void show_netfilter(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	const char *family = nf_family_name(a->nf.pf), *hook = nf_hook_name(a->nf.pf, a->nf.hook);
	char form[96];

	snprintf(form, sizeof(form), "%s %s {prio}{flags}", family ? family : "{pf}",
		 hook ? hook : "{hook}");
	out_form(o, form);
	out_uint(o, "pf", "pf %llu", a->nf.pf);
	out_uint(o, "hook", "hook %llu", a->nf.hook);
	out_int(o, "prio", "prio %lld", a->nf.prio);
	out_nonzero(o, "flags", " flags 0x%llx", a->nf.flags);
	out_form_end(o);
}

static void show_cgroup(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	out_form(o, !a->cgroup_id ? "(detached)" : a->name ? "{cgroup}"
							   : "(unknown)({cgroup_id})");
	if (a->name)
		out_str(o, "cgroup", "%s", a->name);
	out_uint(o, "cgroup_id", "%llu", a->cgroup_id);
	out_form_end(o);
}

/* For a struct_ops map the member is next to it; a sockmap may have been freed. */
static void show_map(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	out_form(o, a->map_id || a->kind == ATT_STRUCT_OPS ? "map {map_id}" : "(detached)");
	out_uint(o, "map_id", "%llu", a->map_id);
	out_form_end(o);
	if (a->name)
		out_str(o, "member", " %s", a->name);
}

static void show_tracepoint(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	out_form(o, has_name(a) ? "{tracepoint}" : "(unknown)");
	if (a->name)
		out_str(o, "tracepoint", "%s", a->name);
	out_form_end(o);
}

static bool is_in_file(const struct attachment *a)
{
	return a->kind == ATT_UPROBE || a->kind == ATT_UPROBE_MULTI;
}

/* A single target, or the number of targets. */
static const char *probe_form(const struct attachment *a)
{
	bool many = (a->kind == ATT_UPROBE_MULTI && a->n_places != 1) ||
		    (a->kind == ATT_KPROBE_MULTI && !(a->n_places == 1 && a->addr));

	if (is_in_file(a) && many)
		return has_name(a) ? "{file} {func_cnt|}{retprobe}"
				   : "(unknown) {func_cnt|}{retprobe}";
	if (is_in_file(a))
		return has_name(a) ? "{file}{offset}{retprobe}" : "(unknown){offset}{retprobe}";
	if (many)
		return "{func_cnt|}{retprobe}";
	return has_name(a) || a->addr ? "{func|addr}{offset}{retprobe}" : "0x0{offset}{retprobe}";
}

static void show_probe(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	bool in_file = is_in_file(a);

	out_form(o, probe_form(a));
	out_bool(o, "retprobe", " return", "", a->at_return);
	if (has_name(a))
		out_str(o, in_file ? "file" : "func", "%s", a->name);
	/* As in link show; "file" is common to single and multi probes. */
	if (a->kind == ATT_UPROBE_MULTI && has_name(a))
		out_str(o, "path", "%s", a->name);
	if (in_file && a->n_places <= 1)
		out_uint(o, "offset", "+0x%llx", a->offset);
	else if (!a->n_places)
		out_nonzero(o, "offset", "+0x%llx", a->offset);
	if (a->addr)
		out_uint(o, "addr", "0x%llx", a->addr);
	if (a->n_places && in_file)
		out_uint(o, "func_cnt", "%llu places", a->n_places);
	else if (a->n_places)
		out_count(o, "func_cnt", "%llu function", "%llu functions", a->n_places);
	else if (a->kind == ATT_UPROBE_MULTI || a->kind == ATT_KPROBE_MULTI)
		out_item(o, in_file ? "0 places" : "0 functions");
	out_form_end(o);
}

/* As in link show: the word, or the number if there is none. */
static void show_event(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	const char *type = perf_type_name(a->event.type), *config;
	char room[PERF_CONFIG_MAX];

	config = perf_config_name(a->event.type, a->event.config, room);
	out_enum(o, "event_type", type ? "%s" : "type %s", type, a->event.type);
	out_enum(o, "event_config", ":%s", config, a->event.config);
}

static void show_tracing(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	out_form(o, a->name || a->n_places   ? "{target_prog_id}{func|func_cnt}"
		    : a->target.btf_obj_id ? "{target_prog_id}{target_btf_obj_id}{target_btf_id}"
					   : "{target_prog_id}BTF 0{target_btf_id}");
	if (a->name)
		out_str(o, "func", "%s", a->name);
	if (a->target.prog_id)
		out_uint(o, "target_prog_id", "program %llu ", a->target.prog_id);
	if (a->target.btf_obj_id)
		out_uint(o, "target_btf_obj_id", "BTF %llu", a->target.btf_obj_id);
	out_uint(o, "target_btf_id", " type %llu", a->target.btf_id);
	if (a->n_places)
		out_count(o, "func_cnt", "%llu function", "%llu functions", a->n_places);
	out_form_end(o);
}

static void show_iter(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	out_form(o, has_name(a) ? "{target_name}{map_id}{cgroup_id}{tid|pid}"
				: "(unknown){map_id}{cgroup_id}{tid|pid}");
	if (a->name)
		out_str(o, "target_name", "%s", a->name);
	if (a->map_id)
		out_uint(o, "map_id", " map %llu", a->map_id);
	if (a->cgroup_id)
		out_uint(o, "cgroup_id", " cgroup %llu", a->cgroup_id);
	if (a->task.tid)
		out_uint(o, "tid", " tid %llu", a->task.tid);
	if (a->task.pid)
		out_uint(o, "pid", " pid %llu", a->task.pid);
	out_form_end(o);
}

/* A key as a number, which it is in nearly all of these maps. */
static bool entry_key(const struct attachment *a, uint32_t *ret)
{
	if (a->entry.len != sizeof(*ret))
		return false;
	memcpy(ret, a->entry.key, sizeof(*ret));
	return true;
}

static void show_entry(UNUSED struct ctx *ctx, struct out *o, const struct attachment *a)
{
	uint32_t key;

	out_uint(o, "map_id", "map %llu", a->map_id);
	if (entry_key(a, &key))
		out_uint(o, "key", " key %llu", key);
}

static void show_unknown(struct ctx *ctx, struct out *o, const struct attachment *a)
{
	const char *word = name_of(ctx, NAMES_LINK_TYPE, a->link_type);

	if (word)
		out_item(o, "link of type %s", word);
	else
		out_item(o, "link of type %u", a->link_type);
}

static const struct {
	const char *form;
	void (*show)(struct ctx *ctx, struct out *o, const struct attachment *a);
} places[ATT_KINDS] = {
	[ATT_XDP] = { "{}{mode}", show_dev },
	[ATT_TCX] = { "{}", show_dev_hook },
	[ATT_NETKIT] = { "{}", show_dev_hook },
	[ATT_TC] = { "{}{qdisc}{block}{prio}{handle}{chain}", show_tc },
	[ATT_TC_ACTION] = { "{index} of {filters}", show_action },
	[ATT_NETNS] = { "{attach_type}{}", show_netns },
	[ATT_NETFILTER] = { "{}", show_netfilter },
	[ATT_CGROUP] = { "{} {attach_type}", show_cgroup },
	[ATT_SOCKMAP] = { "{} {attach_type}", show_map },
	[ATT_TRACEPOINT] = { "{}", show_tracepoint },
	[ATT_RAW_TRACEPOINT] = { "{}", show_tracepoint },
	[ATT_KPROBE] = { "{}", show_probe },
	[ATT_UPROBE] = { "{}", show_probe },
	[ATT_KPROBE_MULTI] = { "{}", show_probe },
	[ATT_UPROBE_MULTI] = { "{}", show_probe },
	[ATT_PERF_EVENT] = { "{event_type}{event_config}", show_event },
	[ATT_TRACING] = { "{attach_type} {}", show_tracing },
	[ATT_EXT] = { "{}", show_tracing },
	[ATT_ITER] = { "{}", show_iter },
	[ATT_STRUCT_OPS] = { "{}{member}", show_map },
	[ATT_PROG_ARRAY] = { "{map_id}{key}", show_entry },
	[ATT_DEVMAP] = { "{map_id}{key}", show_entry },
	[ATT_CPUMAP] = { "{map_id}{key}", show_entry },
	[ATT_UNKNOWN] = { "{}", show_unknown },
};

static void show_place(struct ctx *ctx, struct out *o, const struct attachment *a)
{
	const char *hook = a->attach_type == ATT_NO_TYPE
				   ? NULL
				   : name_of(ctx, NAMES_ATTACH_TYPE, a->attach_type);

	places[a->kind].show(ctx, o, a);
	if (a->attach_type != ATT_NO_TYPE && a->kind != ATT_EXT)
		out_enum(o, "attach_type", hook ? "%s" : "?%.0s", hook, a->attach_type);
	if (a->netns_ino)
		out_uint(o, "netns_ino", "%llu", a->netns_ino);
	if (a->cookie)
		out_uint(o, "cookie", "%llu", a->cookie);
}

void attach_place_text(struct ctx *ctx, const struct attachments *set, const struct attachment *a,
		struct buf *b)
{
	struct out *o = out_open_plain();

	if (!o) {
		b->err = -ENOMEM;
		return;
	}
	out_form(o, places[a->kind].form);
	show_place(ctx, o, a);
	out_form_take(o, b);
	if (out_failed(o))
		b->err = out_failed(o);
	out_close(o);
	if (a->netns_ino && a->netns_ino != attachments_own_netns(set))
		buf_fmt(b, " netns %llu", (unsigned long long)a->netns_ino);
}

void attach_place_json(struct ctx *ctx, const struct attachment *a)
{
	out_form(ctx->out, "");
	show_place(ctx, ctx->out, a);
	out_form_end(ctx->out);
}
