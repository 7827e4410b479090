// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl ps: the processes that hold BPF objects or probes, and how many of each. Who holds what is
 * kern/object/holdings.c's business.
 */
#include <errno.h>

#include "json_writer.h"
#include "kern/object/holdings.h"
#include "kern/object/names.h"
#include "commands.h"
#include "view/show.h"
#include "view/table.h"

struct ps_args {
	uint32_t pid;			/* 0: all */
	bool verbose, detail;
};

struct ps {
	struct ctx *ctx;
	const struct ps_args *args;
	struct table *table;
	size_t n;
};

enum {
	C_PID, C_COMM, C_PROGS, C_MAPS, C_LINKS, C_BTFS, C_KPROBES, C_UPROBES, C_TRACEPOINTS,
	C_EVENTS, C_CONTAINER, C_CGROUP,
	N_COLS
};

static const struct table_col cols[N_COLS] = {
	[C_PID] = { "pid", "PID", 0, 0 },
	[C_COMM] = { "comm", "COMM", 0, 0 },
	[C_PROGS] = { NULL, "PROGS", 0, TABLE_OPTIONAL },
	[C_MAPS] = { NULL, "MAPS", 0, TABLE_OPTIONAL },
	[C_LINKS] = { NULL, "LINKS", 0, TABLE_OPTIONAL },
	[C_BTFS] = { NULL, "BTFS", 0, TABLE_OPTIONAL },
	[C_KPROBES] = { NULL, "KPROBES", 0, TABLE_OPTIONAL },
	[C_UPROBES] = { NULL, "UPROBES", 0, TABLE_OPTIONAL },
	[C_TRACEPOINTS] = { NULL, "TRACEPOINTS", 0, TABLE_OPTIONAL },
	[C_EVENTS] = { NULL, "EVENTS", 0, TABLE_OPTIONAL },
	[C_CONTAINER] = { NULL, "CONTAINER", 0, TABLE_OPTIONAL },
	[C_CGROUP] = { NULL, "CGROUP", 0, TABLE_OPTIONAL },
};

/* In JSON each number, in text those that are not 0. */
static const struct {
	size_t col;
	const char *key;
} counts[] = {
	{ C_PROGS, "progs" },	  { C_MAPS, "maps" },	    { C_LINKS, "links" },
	{ C_BTFS, "btfs" },	  { C_KPROBES, "kprobes" }, { C_UPROBES, "uprobes" },
	{ C_TRACEPOINTS, "tracepoints" }, { C_EVENTS, "perf_events" },
};

static size_t col_of_probe(const struct perf_probe *p)
{
	switch (p->place) {
	case PERF_RAW_TRACEPOINT:
	case PERF_TRACEPOINT:
		return C_TRACEPOINTS;
	case PERF_KPROBE:
	case PERF_KRETPROBE:
		return C_KPROBES;
	case PERF_UPROBE:
	case PERF_URETPROBE:
		return C_UPROBES;
	default:
		return C_EVENTS;
	}
}

static void put_counts(struct ps *ps, const struct holder *h)
{
	static const size_t obj_cols[] = {
		[OBJ_PROG] = C_PROGS, [OBJ_MAP] = C_MAPS, [OBJ_LINK] = C_LINKS, [OBJ_BTF] = C_BTFS
	};
	size_t n[N_COLS] = { [C_EVENTS] = h->n_events };

	for (size_t i = 0; i < h->n_objs; i++)
		n[obj_cols[h->objs[i].kind->type]]++;
	for (size_t i = 0; i < h->n_probes; i++)
		n[col_of_probe(&h->probes[i])]++;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		out_json_uint(ps->ctx->out, counts[i].key, n[counts[i].col]);
		if (n[counts[i].col])
			table_text(ps->table, counts[i].col, "%zu", n[counts[i].col]);
	}
}

/* --- verbose: the probes --- */

/* What stands below a process's row. */
static void put_line(struct ps *ps, const char *fmt, ...) FORMAT_PRINTF(2, 3);
static void put_line(struct ps *ps, const char *fmt, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (text)
		table_line(ps->table, text);
}

static void line_probe(struct ps *ps, const struct perf_probe *p, uint32_t fd)
{
	const char *word = perf_place_name(p->place);
	size_t col = col_of_probe(p);

	if (!word)
		word = "event";
	if (col == C_TRACEPOINTS)
		put_line(ps, "        fd %u  prog %u  %s %s", fd, p->prog_id, word, p->name);
	else if (p->name[0])
		put_line(ps, "        fd %u  prog %u  %s %s+0x%llx", fd, p->prog_id, word, p->name,
			 (unsigned long long)p->offset);
	else
		put_line(ps, "        fd %u  prog %u  %s at 0x%llx", fd, p->prog_id, word,
			 (unsigned long long)p->addr);
}

static void list_probes(struct ps *ps, const struct holder *h)
{
	struct out *o = ps->ctx->out;

	out_list(o, "probes", NULL);
	for (size_t i = 0; i < h->n_probes; i++) {
		const struct perf_probe *p = &h->probes[i];

		out_rec(o, NULL);
		out_json_uint(o, "fd", h->probe_fds[i]);
		out_json_uint(o, "prog_id", p->prog_id);
		out_enum(o, "fd_type", "%s", perf_place_name(p->place), p->place);
		show_perf_place(o, p);
		out_rec_end(o);
	}
	out_list_end(o);
}

/* --- detail: each object --- */

struct obj_desc {
	const char *type;		/* NULL: has none, or its number tells */
	uint32_t number;
	struct obj_label label;
};

static const char *read_type(struct ctx *ctx, const struct obj_kind *kind, int fd,
			     uint32_t *ret_number)
{
	struct bpf_prog_info prog = {};
	struct bpf_map_info map = {};
	struct bpf_link_info link = {};

	switch (kind->type) {
	case OBJ_PROG:
		obj_info(fd, &prog, sizeof(prog));
		*ret_number = prog.type;
		return name_of(ctx, NAMES_PROG_TYPE, prog.type);
	case OBJ_MAP:
		obj_info(fd, &map, sizeof(map));
		*ret_number = map.type;
		return name_of(ctx, NAMES_MAP_TYPE, map.type);
	case OBJ_LINK:
		obj_info(fd, &link, sizeof(link));
		*ret_number = link.type;
		return name_of(ctx, NAMES_LINK_TYPE, link.type);
	default:
		*ret_number = 0;
		return NULL;
	}
}

/* It may have gone meanwhile: then only the id is known. */
static void describe_obj(struct ctx *ctx, const struct held_obj *held, struct obj_desc *ret)
{
	auto_close int fd = held->kind->open_id(held->id, OBJ_RDONLY);

	*ret = (struct obj_desc){};
	if (fd < 0)
		return;
	ret->type = read_type(ctx, held->kind, fd, &ret->number);
	if (obj_full_label(held->kind, fd, &ret->label))
		ret->label.name[0] = '\0';
}

static void put_obj(struct ps *ps, const struct held_obj *held)
{
	struct out *o = ps->ctx->out;
	struct obj_desc d;
	char number[16];

	describe_obj(ps->ctx, held, &d);
	snprintf(number, sizeof(number), "%u", d.number);
	put_line(ps, "        %s %u%s%s%s%s", held->kind->group, held->id,
		 d.type || d.number ? "  " : "",
		 d.type	    ? d.type
		 : d.number ? number
			    : "",
		 d.label.name[0] ? "  name " : "", d.label.name);
	out_json_rec(o, NULL);
	out_json_str(o, "kind", held->kind->group);
	out_json_uint(o, "id", held->id);
	if (d.type)
		out_json_str(o, "type", d.type);
	else if (d.number)
		out_json_uint(o, "type", d.number);
	if (d.label.name[0])
		out_json_str(o, "name", d.label.name);
	out_json_rec_end(o);
}

static void list_objs(struct ps *ps, const struct holder *h)
{
	struct out *o = ps->ctx->out;

	out_json_list(o, "objects");
	for (size_t i = 0; i < h->n_objs; i++)
		put_obj(ps, &h->objs[i]);
	out_json_list_end(o);
}

/* --- the list --- */

static int put_process(const struct holder *h, void *data)
{
	struct ps *ps = data;
	struct out *o = ps->ctx->out;
	bool probes = ps->args->verbose || ps->args->detail;

	table_row(ps->table);
	table_uint(ps->table, C_PID, h->pid);
	table_str(ps->table, C_COMM, h->comm);
	put_counts(ps, h);
	out_json_str(o, "cgroup", h->cgroup);
	table_text(ps->table, C_CGROUP, "%s", h->cgroup);
	if (h->container[0]) {
		out_json_str(o, "container", h->container);
		table_text(ps->table, C_CONTAINER, "%.12s", h->container);
	}
	if (probes && out_is_json(o))
		list_probes(ps, h);
	for (size_t i = 0; probes && i < h->n_probes; i++)
		line_probe(ps, &h->probes[i], h->probe_fds[i]);
	if (ps->args->detail)
		list_objs(ps, h);
	table_row_end(ps->table);
	ps->n++;
	return out_failed(o);
}

static int ps_run(struct ctx *ctx, const void *args)
{
	auto_table struct table *t = table_new(ctx->out, cols, N_COLS);
	struct ps ps = { ctx, args, t, 0 };
	size_t n_hidden;
	int err;

	if (!t)
		return fail(ctx->err, -ENOMEM, "list processes");
	if (!procs_are_there())
		return procs_fail_none(ctx, "list processes");
	out_list(ctx->out, NULL, NULL);
	err = holders_each(ps.args->pid, put_process, &ps, &n_hidden);
	if (err == -ESRCH)
		return fail_msg(ctx->err, err, "no process %u", ps.args->pid);
	if (err == -EACCES)
		return procs_fail(ctx, ps.args->pid);
	if (!err && ps.n)
		err = table_print(t);
	if (err)
		return fail(ctx->err, err, "list processes");
	if (n_hidden && procs_may_see_all())
		notice(ctx, "%zu process%s could not be read", n_hidden,
		       plural(n_hidden, "", "es"));
	procs_partly(ctx, n_hidden);
	out_list_end(ctx->out);
	return 0;
}

static const struct param ps_params[] = {
	PARAM_U32(struct ps_args, pid, "pid", "N", "only this process", .flags = PF_NOT_0),
	PARAM_FLAG(struct ps_args, verbose, "verbose", "with the probes of each"),
	PARAM_FLAG(struct ps_args, detail, "detail", "with the probes and all objects of each"),
	{ }
};

const struct cmd ps_cmd = {
	.name = "ps", .help = "processes that hold BPF objects or probes",
	.params = ps_params, .args_size = sizeof(struct ps_args),
	.run = ps_run,
};
