// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Links on probes and perf events: perf_event (a probe, tracepoint or event) and the two multi
 * types with their lists of functions and offsets.
 */
#include <errno.h>

#include "json_writer.h"
#include "kern/ksyms.h"
#include "kern/object/names.h"
#include "kern/object/types.h"
#include "link/link.h"
#include "view/show.h"

void link_show_cookie(struct out *o, uint64_t cookie)
{
	out_nonzero(o, "cookie", "cookie %llu", cookie);
}

static const char *text_of(const struct link *l)
{
	return l->bufs.text ? l->bufs.text : "";
}

static void show_uprobe(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.perf_event.type == ABI_PERF_EVENT_URETPROBE;
	struct out *o = ctx->out;

	out_bool(o, "retprobe", "uretprobe", "uprobe", at_return);
	out_sep(o, " ");
	out_str(o, "file", "%s", text_of(l));
	out_sep(o, "");
	out_uint(o, "offset", "+0x%llx", l->info.perf_event.uprobe.offset);
	link_show_cookie(o, l->info.perf_event.uprobe.cookie);
	out_nonzero(o, "ref_ctr_offset", "ref_ctr_offset 0x%llx",
		    l->info.perf_event.uprobe.ref_ctr_offset);
}

static void show_kprobe(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.perf_event.type == ABI_PERF_EVENT_KRETPROBE;
	struct out *o = ctx->out;

	out_bool(o, "retprobe", "kretprobe", "kprobe", at_return);
	out_sep(o, " ");
	out_uint(o, "addr", "%llx", l->info.perf_event.kprobe.addr);
	out_sep(o, " ");
	out_str(o, "func", "%s", text_of(l));
	out_sep(o, "");
	out_nonzero(o, "offset", "+0x%llx", l->info.perf_event.kprobe.offset);
	out_sep(o, "  ");
	out_nonzero(o, "missed", "missed %llu", l->info.perf_event.kprobe.missed);
	link_show_cookie(o, l->info.perf_event.kprobe.cookie);
}

static void show_tracepoint(struct ctx *ctx, const struct link *l)
{
	out_str(ctx->out, "tracepoint", "tracepoint %s", text_of(l));
	link_show_cookie(ctx->out, l->info.perf_event.tracepoint.cookie);
}

static void show_event(struct ctx *ctx, const struct link *l)
{
	show_perf_config(ctx->out, "event", l->info.perf_event.event.type,
			 l->info.perf_event.event.config);
	link_show_cookie(ctx->out, l->info.perf_event.event.cookie);
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

	/* Kernels before 6.6 report nothing: type 0. */
	if (type >= ARRAY_SIZE(shows) || !shows[type])
		return;
	out_line(ctx->out);
	shows[type](ctx, l);
}

/* The list, below a title line if it is not empty. */
static void open_functions(struct out *o, const struct link *l, const char *titles)
{
	out_line(o);
	out_section(o, "funcs", l->bufs.n ? titles : NULL);
}

struct probe {
	uint64_t addr, cookie;
};

static int by_addr(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* The kernel lists functions in no useful order; sorts them by address, with their cookies. */
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

	out_rec(o, NULL);
	out_line(o);
	out_form(o, "{addr} {cookie} {func}{module}");
	out_uint(o, "addr", "%016llx", p->addr);
	out_str(o, "func", func ? "%s" : "?%s", func ? func : "");
	out_str(o, "module", " [%s]", module && *module ? module : NULL);
	out_uint(o, "cookie", "%-16llx", p->cookie);
	out_form_end(o);
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
	out_line(o);
	out_form(o, l->bufs.n ? "{retprobe}  {func_cnt}{missed}" : "");
	out_bool(o, "retprobe", "kretprobe.multi", "kprobe.multi", at_return);
	out_uint(o, "func_cnt", "func_cnt %llu", l->info.kprobe_multi.count);
	out_nonzero(o, "missed", "  missed %llu", l->info.kprobe_multi.missed);
	out_form_end(o);
	open_functions(o, l, "addr             cookie           func [module]");
	show_probes(ctx, probes, l->bufs.n);
	out_list_end(o);
}

static void show_uprobe_multi(struct ctx *ctx, const struct link *l)
{
	bool at_return = l->info.uprobe_multi.flags & ABI_F_MULTI_RETURN;
	const struct link_bufs *b = &l->bufs;
	struct out *o = ctx->out;

	out_line(o);
	out_bool(o, "retprobe", "uretprobe.multi", "uprobe.multi", at_return);
	out_str(o, "path", "path %s", text_of(l));
	out_uint(o, "func_cnt", "func_cnt %llu", l->info.uprobe_multi.count);
	out_nonzero(o, "pid", "pid %llu", l->info.uprobe_multi.pid);
	open_functions(o, l, "offset             ref_ctr_offset     cookies");
	for (uint32_t i = 0; i < b->n; i++) {
		out_rec(o, NULL);
		out_no_sep(o);
		out_uint(o, "offset", "\t0x%-16llx", b->offsets[i]);
		out_uint(o, "ref_ctr_offset", " 0x%-16llx", b->ref_ctr_offsets[i]);
		out_uint(o, "cookie", " 0x%llx", b->cookies[i]);
		out_rec_end(o);
	}
	out_list_end(o);
}

/* Functions by BTF, with their names there, in the kernel's order. */
static void show_functions(struct ctx *ctx, const struct link *l, const struct btf_image *img)
{
	const struct link_bufs *b = &l->bufs;
	struct out *o = ctx->out;

	for (uint32_t i = 0; i < b->n; i++) {
		const char *func = img ? types_func_name(img, b->ids[i]) : NULL;

		out_rec(o, NULL);
		out_line(o);
		out_form(o, "{addr} {cookie} {func}");
		out_uint(o, "id", "%llu", b->ids[i]);
		out_uint(o, "addr", "%016llx", b->addrs[i]);
		out_str(o, "func", func ? "%s" : "?%s", func ? func : "");
		out_uint(o, "cookie", "%-16llx", b->cookies[i]);
		out_form_end(o);
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
	open_functions(o, l, "addr             cookie           func");
	show_functions(ctx, l, types ? &types->img : NULL);
	out_list_end(o);
}

const struct link_view link_perf_event = { show_perf_event };
const struct link_view link_kprobe_multi = { show_kprobe_multi };
const struct link_view link_uprobe_multi = { show_uprobe_multi };
const struct link_view link_tracing_multi = { show_tracing_multi };
