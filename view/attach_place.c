// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Where a program is attached: one function for each sort of place, for text and for JSON. */

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

static const char *name_or(const struct attachment *a, const char *other)
{
	return a->name && *a->name ? a->name : other;
}

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

/* The device, or what can be said of it from another network namespace, or when it is gone. */
static void add_dev(struct buf *b, const struct attachment *a)
{
	if (!a->ifindex)
		buf_puts(b, "(detached)");
	else if (a->name)
		buf_puts(b, a->name);
	else
		buf_fmt(b, "(unknown)(%u)", a->ifindex);
}

static void text_xdp(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	const char *mode = xdp_mode(a->xdp_mode);

	add_dev(b, a);
	if (mode)
		buf_fmt(b, " %s", mode);
}

static void text_dev_hook(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	const char *word = hook_word(ctx, a);

	add_dev(b, a);
	/* tcx_ingress, netkit_peer: the first half is the kind, which stands beside it. */
	buf_fmt(b, " %s", strchr(word, '_') ? strchr(word, '_') + 1 : word);
}

static void text_tc(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	add_dev(b, a);
	buf_fmt(b, " %s", a->tc.kind);
	if (a->tc.block)
		buf_fmt(b, " block %u", a->tc.block);
	buf_fmt(b, " prio %u handle 0x%x", tc_prio(a), a->tc.handle);
	if (a->tc.chain)
		buf_fmt(b, " chain %u", a->tc.chain);
}

static void text_action(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	buf_fmt(b, "action %u of %u filter%s", a->action, a->n_places,
		plural(a->n_places, "", "s"));
}

static void text_netns(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	buf_puts(b, hook_word(ctx, a));
	if (!a->netns_ino)
		buf_puts(b, " (detached)");
}

static void text_netfilter(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	const char *family = nf_family_name(a->nf.pf), *hook = nf_hook_name(a->nf.pf, a->nf.hook);

	if (family)
		buf_puts(b, family);
	else
		buf_fmt(b, "pf %u", a->nf.pf);
	if (hook)
		buf_fmt(b, " %s", hook);
	else
		buf_fmt(b, " hook %u", a->nf.hook);
	buf_fmt(b, " prio %d", a->nf.prio);
	if (a->nf.flags)
		buf_fmt(b, " flags 0x%x", a->nf.flags);
}

static void text_cgroup(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	if (!a->cgroup_id)
		buf_puts(b, "(detached)");
	else if (a->name)
		buf_puts(b, a->name);
	else
		buf_fmt(b, "(unknown)(%llu)", (unsigned long long)a->cgroup_id);
	buf_fmt(b, " %s", hook_word(ctx, a));
}

static void text_sockmap(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	if (a->map_id)
		buf_fmt(b, "map %u", a->map_id);
	else
		buf_puts(b, "(detached)");
	buf_fmt(b, " %s", hook_word(ctx, a));
}

static void text_name(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	buf_puts(b, name_or(a, "(unknown)"));
}

static void add_return(struct buf *b, const struct attachment *a)
{
	if (a->at_return)
		buf_puts(b, " return");
}

static void text_kprobe(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	if (a->name && *a->name)
		buf_puts(b, a->name);
	else
		buf_fmt(b, "0x%llx", (unsigned long long)a->addr);
	if (a->offset)
		buf_fmt(b, "+0x%llx", (unsigned long long)a->offset);
	add_return(b, a);
}

static void text_uprobe(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	buf_fmt(b, "%s+0x%llx", name_or(a, "(unknown)"), (unsigned long long)a->offset);
	add_return(b, a);
}

static void text_kprobe_multi(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	if (a->n_places == 1 && a->addr) {
		text_kprobe(ctx, a, b);
		return;
	}
	buf_fmt(b, "%u function%s", a->n_places, plural(a->n_places, "", "s"));
	add_return(b, a);
}

static void text_uprobe_multi(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	if (a->n_places == 1) {
		text_uprobe(ctx, a, b);
		return;
	}
	buf_fmt(b, "%s %u places", name_or(a, "(unknown)"), a->n_places);
	add_return(b, a);
}

static void text_event(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	const char *type = perf_type_name(a->event.type), *config;
	char room[PERF_CONFIG_MAX];

	config = perf_config_name(a->event.type, a->event.config, room);
	if (type)
		buf_puts(b, type);
	else
		buf_fmt(b, "type %u", a->event.type);
	if (config)
		buf_fmt(b, ":%s", config);
	else
		buf_fmt(b, ":%llu", (unsigned long long)a->event.config);
}

static void text_tracing(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	if (a->kind == ATT_TRACING)
		buf_fmt(b, "%s ", hook_word(ctx, a));
	if (a->target.prog_id)
		buf_fmt(b, "program %u ", a->target.prog_id);
	if (a->name)
		buf_puts(b, a->name);
	else if (a->n_places)
		buf_fmt(b, "%u function%s", a->n_places, a->n_places == 1 ? "" : "s");
	else
		buf_fmt(b, "BTF %u type %u", a->target.btf_obj_id, a->target.btf_id);
}

static void text_iter(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	buf_puts(b, name_or(a, "(unknown)"));
	if (a->map_id)
		buf_fmt(b, " map %u", a->map_id);
	if (a->cgroup_id)
		buf_fmt(b, " cgroup %llu", (unsigned long long)a->cgroup_id);
	if (a->task.tid || a->task.pid)
		buf_fmt(b, " %s %u", a->task.tid ? "tid" : "pid", a->task.tid ?: a->task.pid);
}

static void text_ops(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	buf_fmt(b, "map %u%s%s", a->map_id, a->name ? " " : "", a->name ? a->name : "");
}

/* A key as the number it is in nearly all of these maps. */
static bool entry_key(const struct attachment *a, uint32_t *ret)
{
	if (a->entry.len != sizeof(*ret))
		return false;
	memcpy(ret, a->entry.key, sizeof(*ret));
	return true;
}

static void text_entry(UNUSED struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	uint32_t key;

	buf_fmt(b, "map %u", a->map_id);
	if (entry_key(a, &key))
		buf_fmt(b, " key %u", key);
}

static void text_unknown(struct ctx *ctx, const struct attachment *a, struct buf *b)
{
	const char *word = name_of(ctx, NAMES_LINK_TYPE, a->link_type);

	if (word)
		buf_fmt(b, "link of type %s", word);
	else
		buf_fmt(b, "link of type %u", a->link_type);
}

static void json_dev(struct ctx *ctx, const struct attachment *a)
{
	struct out *o = ctx->out;

	out_json_str(o, "devname", !a->ifindex ? "(detached)" : a->name ? a->name : "(unknown)");
	out_json_uint(o, "ifindex", a->ifindex);
	if (xdp_mode(a->xdp_mode))
		out_json_str(o, "mode", xdp_mode(a->xdp_mode));
}

static void json_tc(struct ctx *ctx, const struct attachment *a)
{
	json_dev(ctx, a);
	out_json_str(ctx->out, "qdisc", a->tc.kind);
	out_json_uint(ctx->out, "parent", a->tc.parent);
	if (a->tc.block)
		out_json_uint(ctx->out, "block", a->tc.block);
	out_json_uint(ctx->out, "prio", tc_prio(a));
	out_json_uint(ctx->out, "handle", a->tc.handle);
	out_json_uint(ctx->out, "chain", a->tc.chain);
}

static void json_action(struct ctx *ctx, const struct attachment *a)
{
	out_json_uint(ctx->out, "index", a->action);
	out_json_uint(ctx->out, "filters", a->n_places);
}

static void json_netfilter(struct ctx *ctx, const struct attachment *a)
{
	struct out *o = ctx->out;

	out_json_uint(o, "pf", a->nf.pf);
	out_json_uint(o, "hook", a->nf.hook);
	out_json_int(o, "prio", a->nf.prio);
	out_json_uint(o, "flags", a->nf.flags);
}

static void json_cgroup(struct ctx *ctx, const struct attachment *a)
{
	if (a->name)
		out_json_str(ctx->out, "cgroup", a->name);
	out_json_uint(ctx->out, "cgroup_id", a->cgroup_id);
}

static void json_map(struct ctx *ctx, const struct attachment *a)
{
	out_json_uint(ctx->out, "map_id", a->map_id);
	if (a->name)
		out_json_str(ctx->out, "member", a->name);
}

static void json_entry(struct ctx *ctx, const struct attachment *a)
{
	uint32_t key;

	out_json_uint(ctx->out, "map_id", a->map_id);
	if (entry_key(a, &key))
		out_json_uint(ctx->out, "key", key);
}

static void json_tracepoint(struct ctx *ctx, const struct attachment *a)
{
	if (a->name)
		out_json_str(ctx->out, "tracepoint", a->name);
}

static void json_probe(struct ctx *ctx, const struct attachment *a)
{
	bool in_file = a->kind == ATT_UPROBE || a->kind == ATT_UPROBE_MULTI;
	struct out *o = ctx->out;

	out_json_bool(o, "retprobe", a->at_return);
	if (a->name && *a->name)
		out_json_str(o, in_file ? "file" : "func", a->name);
	/* As link show has it; "file" is what single ones have in both. */
	if (a->kind == ATT_UPROBE_MULTI && a->name && *a->name)
		out_json_str(o, "path", a->name);
	if (!a->n_places || (in_file && a->n_places == 1))
		out_json_uint(o, "offset", a->offset);
	if (a->addr)
		out_json_uint(o, "addr", a->addr);
	if (a->n_places)
		out_json_uint(o, "func_cnt", a->n_places);
}

/* As link show has it: the word, or the number where there is none. */
static void json_word(struct out *o, const char *key, const char *word, uint64_t number)
{
	if (word)
		out_json_str(o, key, word);
	else
		out_json_uint(o, key, number);
}

static void json_event(struct ctx *ctx, const struct attachment *a)
{
	const char *type = perf_type_name(a->event.type), *config;
	char room[PERF_CONFIG_MAX];

	config = perf_config_name(a->event.type, a->event.config, room);
	json_word(ctx->out, "event_type", type, a->event.type);
	json_word(ctx->out, "event_config", config, a->event.config);
}

static void json_tracing(struct ctx *ctx, const struct attachment *a)
{
	struct out *o = ctx->out;

	if (a->name)
		out_json_str(o, "func", a->name);
	if (a->target.prog_id)
		out_json_uint(o, "target_prog_id", a->target.prog_id);
	if (a->target.btf_obj_id)
		out_json_uint(o, "target_btf_obj_id", a->target.btf_obj_id);
	out_json_uint(o, "target_btf_id", a->target.btf_id);
	if (a->n_places)
		out_json_uint(o, "func_cnt", a->n_places);
}

static void json_iter(struct ctx *ctx, const struct attachment *a)
{
	if (a->name)
		out_json_str(ctx->out, "target_name", a->name);
	if (a->map_id)
		out_json_uint(ctx->out, "map_id", a->map_id);
	if (a->cgroup_id)
		out_json_uint(ctx->out, "cgroup_id", a->cgroup_id);
	if (a->task.tid)
		out_json_uint(ctx->out, "tid", a->task.tid);
	if (a->task.pid)
		out_json_uint(ctx->out, "pid", a->task.pid);
}

static const struct {
	void (*text)(struct ctx *ctx, const struct attachment *a, struct buf *b);
	void (*json)(struct ctx *ctx, const struct attachment *a);	/* NULL: nothing more */
} places[ATT_KINDS] = {
	[ATT_XDP] = { text_xdp, json_dev },
	[ATT_TCX] = { text_dev_hook, json_dev },
	[ATT_NETKIT] = { text_dev_hook, json_dev },
	[ATT_TC] = { text_tc, json_tc },
	[ATT_TC_ACTION] = { text_action, json_action },
	[ATT_NETNS] = { text_netns, NULL },
	[ATT_NETFILTER] = { text_netfilter, json_netfilter },
	[ATT_CGROUP] = { text_cgroup, json_cgroup },
	[ATT_SOCKMAP] = { text_sockmap, json_map },
	[ATT_TRACEPOINT] = { text_name, json_tracepoint },
	[ATT_RAW_TRACEPOINT] = { text_name, json_tracepoint },
	[ATT_KPROBE] = { text_kprobe, json_probe },
	[ATT_UPROBE] = { text_uprobe, json_probe },
	[ATT_KPROBE_MULTI] = { text_kprobe_multi, json_probe },
	[ATT_UPROBE_MULTI] = { text_uprobe_multi, json_probe },
	[ATT_PERF_EVENT] = { text_event, json_event },
	[ATT_TRACING] = { text_tracing, json_tracing },
	[ATT_EXT] = { text_tracing, json_tracing },
	[ATT_ITER] = { text_iter, json_iter },
	[ATT_STRUCT_OPS] = { text_ops, json_map },
	[ATT_PROG_ARRAY] = { text_entry, json_entry },
	[ATT_DEVMAP] = { text_entry, json_entry },
	[ATT_CPUMAP] = { text_entry, json_entry },
	[ATT_UNKNOWN] = { text_unknown, NULL },
};

void attach_place_text(struct ctx *ctx, const struct attachments *set, const struct attachment *a,
		struct buf *b)
{
	places[a->kind].text(ctx, a, b);
	if (a->netns_ino && a->netns_ino != attachments_own_netns(set))
		buf_fmt(b, " netns %llu", (unsigned long long)a->netns_ino);
}

void attach_place_json(struct ctx *ctx, const struct attachment *a)
{
	struct out *o = ctx->out;

	if (places[a->kind].json)
		places[a->kind].json(ctx, a);
	if (a->attach_type != ATT_NO_TYPE && a->kind != ATT_EXT)
		out_enum(o, "attach_type", "%s", name_of(ctx, NAMES_ATTACH_TYPE, a->attach_type),
			 a->attach_type);
	if (a->netns_ino)
		out_json_uint(o, "netns_ino", a->netns_ino);
	if (a->cookie)
		out_json_uint(o, "cookie", a->cookie);
}
