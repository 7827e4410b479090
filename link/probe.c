// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Links on probes and perf events: perf_event (one probe, tracepoint or event) and the two multi
 * types with their lists of functions and offsets.
 */
#include <errno.h>

#include "json_writer.h"
#include "kern/ksyms.h"
#include "kern/object/names.h"
#include "kern/object/types.h"
#include "link/link.h"
#include "view/show.h"

static const char *text_of(const struct link *l)
{
	return l->bufs.text ? l->bufs.text : "";
}

static void show_uprobe(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.perf_event.type == ABI_PERF_EVENT_URETPROBE;
	struct out *o = ctx->out;

	out_json_bool(o, "retprobe", at_return);
	out_item(o, at_return ? "uretprobe" : "uprobe");
	out_sep(o, " ");
	out_str(o, "file", "%s", text_of(l));
	out_sep(o, "");
	out_uint(o, "offset", "+0x%llx", l->info.perf_event.uprobe.offset);
	link_show_cookie(ctx, l->info.perf_event.uprobe.cookie);
	out_json_uint(o, "ref_ctr_offset", l->info.perf_event.uprobe.ref_ctr_offset);
	if (l->info.perf_event.uprobe.ref_ctr_offset)
		out_item(o, "ref_ctr_offset 0x%llx",
			 (unsigned long long)l->info.perf_event.uprobe.ref_ctr_offset);
}

static void show_kprobe(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.perf_event.type == ABI_PERF_EVENT_KRETPROBE;
	uint64_t missed = l->info.perf_event.kprobe.missed;
	uint32_t offset = l->info.perf_event.kprobe.offset;
	struct out *o = ctx->out;

	out_json_bool(o, "retprobe", at_return);
	out_item(o, at_return ? "kretprobe" : "kprobe");
	out_sep(o, " ");
	out_uint(o, "addr", "%llx", l->info.perf_event.kprobe.addr);
	out_sep(o, " ");
	out_str(o, "func", "%s", text_of(l));
	out_json_uint(o, "offset", offset);
	out_sep(o, "");
	if (offset)
		out_item(o, "+0x%x", offset);
	out_sep(o, "  ");
	out_json_uint(o, "missed", missed);
	if (missed)
		out_item(o, "missed %llu", (unsigned long long)missed);
	link_show_cookie(ctx, l->info.perf_event.kprobe.cookie);
}

static void show_tracepoint(struct ctx *ctx, const struct link *l)
{
	out_str(ctx->out, "tracepoint", "tracepoint %s", text_of(l));
	link_show_cookie(ctx, l->info.perf_event.tracepoint.cookie);
}

static void show_event(struct ctx *ctx, const struct link *l)
{
	show_perf_config(ctx->out, "event", l->info.perf_event.event.type,
			 l->info.perf_event.event.config);
	link_show_cookie(ctx, l->info.perf_event.event.cookie);
}

static void show_perf_event(struct ctx *ctx, const struct link *l)
{
	static void (*const shows[])(struct ctx *ctx, const struct link *l) = {
		[ABI_PERF_EVENT_UPROBE] = show_uprobe,
		[ABI_PERF_EVENT_URETPROBE] = show_uprobe,
		[ABI_PERF_EVENT_KPROBE] = show_kprobe,
		[ABI_PERF_EVENT_KRETPROBE] = show_kprobe,
		[ABI_PERF_EVENT_TRACEPOINT] = show_tracepoint,
		[ABI_PERF_EVENT_EVENT] = show_event,
	};
	uint32_t type = l->info.perf_event.type;

	/* Kernels before 6.6 tell nothing: type 0. */
	if (type >= ARRAY_SIZE(shows) || !shows[type])
		return;
	out_line(ctx->out);
	shows[type](ctx, l);
}

struct probe {
	uint64_t addr, cookie;
};

static int by_addr(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* The kernel lists functions in no useful order; sorted by address, cookies stay with them. */
static struct probe *sorted_probes(const struct link *l)
{
	struct probe *probes = calloc(l->bufs.n ? l->bufs.n : 1, sizeof(*probes));

	for (uint32_t i = 0; probes && i < l->bufs.n; i++)
		probes[i] = (struct probe){ l->bufs.addrs[i], l->bufs.cookies[i] };
	if (probes)
		qsort(probes, l->bufs.n, sizeof(*probes), by_addr);
	return probes;
}

static void show_probe(struct out *o, const struct probe *p, const struct ksyms *syms)
{
	const char *module = "";
	const char *func = ksyms_name(syms, p->addr, &module);
	char clean[128];

	out_rec(o, NULL);
	out_json_uint(o, "addr", p->addr);
	out_json_str(o, "func", func ? func : "");
	if (module && *module)
		out_json_str(o, "module", module);
	else
		out_json_null(o, "module");
	out_json_uint(o, "cookie", p->cookie);
	out_line(o);
	out_item(o, "%016llx %-16llx %s%s%s%s", (unsigned long long)p->addr,
		 (unsigned long long)p->cookie,
		 out_escape(clean, sizeof(clean), func ? func : "?"), module && *module ? " [" : "",
		 module && *module ? module : "", module && *module ? "]" : "");
	out_rec_end(o);
}

static void show_probes(struct ctx *ctx, const struct probe *probes, uint32_t n)
{
	struct ksyms *syms = ksyms_new();
	int err = syms ? 0 : -ENOMEM;

	for (uint32_t i = 0; !err && i < n; i++)
		err = ksyms_want(syms, probes[i].addr);
	if (!err)
		err = ksyms_load(syms);
	if (err)
		unread(ctx, err, "cap_syslog", "read the names of kernel functions");
	for (uint32_t i = 0; syms && i < n; i++)
		show_probe(ctx->out, &probes[i], syms);
	ksyms_free(syms);
}

static void show_kprobe_multi(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.kprobe_multi.flags & ABI_F_MULTI_RETURN;
	auto_free struct probe *probes = sorted_probes(l);
	struct out *o = ctx->out;

	if (!probes)
		return;
	if (l->bufs.n) {
		out_line(o);
		out_item(o, at_return ? "kretprobe.multi" : "kprobe.multi");
	}
	out_json_bool(o, "retprobe", at_return);
	out_json_uint(o, "func_cnt", l->info.kprobe_multi.count);
	out_json_uint(o, "missed", l->info.kprobe_multi.missed);
	if (l->bufs.n) {
		out_item(o, "func_cnt %u", l->info.kprobe_multi.count);
		if (l->info.kprobe_multi.missed)
			out_item(o, "missed %llu",
				 (unsigned long long)l->info.kprobe_multi.missed);
		out_line(o);
		out_item(o, "%-16s %-16s %s", "addr", "cookie", "func [module]");
	}
	out_list(o, "funcs", NULL);
	show_probes(ctx, probes, l->bufs.n);
	out_list_end(o);
}

static void show_uprobe_multi(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.uprobe_multi.flags & ABI_F_MULTI_RETURN;
	const struct link_bufs *b = &l->bufs;
	struct out *o = ctx->out;

	out_line(o);
	out_json_bool(o, "retprobe", at_return);
	out_item(o, at_return ? "uretprobe.multi" : "uprobe.multi");
	out_str(o, "path", "path %s", text_of(l));
	out_uint(o, "func_cnt", "func_cnt %llu", l->info.uprobe_multi.count);
	out_json_uint(o, "pid", l->info.uprobe_multi.pid);
	if (l->info.uprobe_multi.pid)
		out_item(o, "pid %u", l->info.uprobe_multi.pid);
	if (b->n) {
		out_line(o);
		out_item(o, "%-18s %-18s %s", "offset", "ref_ctr_offset", "cookies");
	}
	out_list(o, "funcs", NULL);
	for (uint32_t i = 0; i < b->n; i++) {
		out_rec(o, NULL);
		out_json_uint(o, "offset", b->offsets[i]);
		out_json_uint(o, "ref_ctr_offset", b->ref_ctr_offsets[i]);
		out_json_uint(o, "cookie", b->cookies[i]);
		out_line(o);
		out_item(o, "0x%-16llx 0x%-16llx 0x%llx", (unsigned long long)b->offsets[i],
			 (unsigned long long)b->ref_ctr_offsets[i],
			 (unsigned long long)b->cookies[i]);
		out_rec_end(o);
	}
	out_list_end(o);
}

/* Functions by BTF: each by its name there. The list stands as the kernel keeps it. */
static void show_functions(struct ctx *ctx, const struct link *l, const struct btf_image *img)
{
	const struct link_bufs *b = &l->bufs;
	struct out *o = ctx->out;
	char clean[128];

	for (uint32_t i = 0; i < b->n; i++) {
		const char *func = img ? types_func_name(img, b->ids[i]) : NULL;

		out_rec(o, NULL);
		out_json_uint(o, "id", b->ids[i]);
		out_json_uint(o, "addr", b->addrs[i]);
		out_json_str(o, "func", func ? func : "");
		out_json_uint(o, "cookie", b->cookies[i]);
		out_line(o);
		out_item(o, "%016llx %-16llx %s", (unsigned long long)b->addrs[i],
			 (unsigned long long)b->cookies[i],
			 out_escape(clean, sizeof(clean), func ? func : "?"));
		out_rec_end(o);
	}
}

static void show_tracing_multi(struct ctx *ctx, const struct link *l)
{
	uint32_t type = l->info.tracing_multi.attach_type,
		 btf_id = l->info.tracing_multi.btf_obj_id;
	auto_btf_types struct types *types = NULL;
	struct out *o = ctx->out;
	int err = l->bufs.n ? types_by_id(ctx, btf_id, &types) : 0;

	if (err)
		unread(ctx, err, obj_caps, "read BTF object %u, which names the functions", btf_id);
	out_line(o);
	out_enum(o, "attach_type", "attach_type %s", name_of(ctx, NAMES_ATTACH_TYPE, type), type);
	out_uint(o, "func_cnt", "func_cnt %llu", l->info.tracing_multi.count);
	out_uint(o, "btf_obj_id", "btf_obj_id %llu", btf_id);
	if (l->bufs.n) {
		out_line(o);
		out_item(o, "%-16s %-16s %s", "addr", "cookie", "func");
	}
	out_list(o, "funcs", NULL);
	show_functions(ctx, l, types ? &types->img : NULL);
	out_list_end(o);
}

const struct link_view link_perf_event = { show_perf_event };
const struct link_view link_kprobe_multi = { show_kprobe_multi };
const struct link_view link_uprobe_multi = { show_uprobe_multi };
const struct link_view link_tracing_multi = { show_tracing_multi };
