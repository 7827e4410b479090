// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl ps: the processes that hold BPF objects or probes, and the number of each.
 * kern/object/holdings.c collects them.
 */
#include <errno.h>

#include "json_writer.h"
#include "kern/object/holdings.h"
#include "kern/object/names.h"
#include "commands.h"
#include "view/show.h"
#include "view/table.h"
#include "view/units.h"

/* A process by its number or its name, or those whose name matches. */
struct ps_who {
	struct ps_who *next;
	struct ref ref;
	bool found;
};

struct ps_args {
	uint32_t pid;			/* 0: all */
	struct ps_who *who;		/* NULL: all */
	bool verbose, detail, wide;
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
	[C_PID] = { "pid", "PID", 0, TABLE_RIGHT },
	[C_COMM] = { "comm", "COMM", 0, 0 },
	[C_PROGS] = { "progs", "PROGS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_MAPS] = { "maps", "MAPS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_LINKS] = { "links", "LINKS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_BTFS] = { "btfs", "BTFS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_KPROBES] = { "kprobes", "KPROBES", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_UPROBES] = { "uprobes", "UPROBES", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_TRACEPOINTS] = { "tracepoints", "TRACEPOINTS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_EVENTS] = { "perf_events", "EVENTS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_CONTAINER] = { "container", "CONTAINER", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_CGROUP] = { "cgroup", "CGROUP", 0, TABLE_CUT | TABLE_OPTIONAL },
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
	for (size_t col = C_PROGS; col <= C_EVENTS; col++)
		table_nonzero(ps->table, col, n[col]);
}

/* --- verbose: the probes --- */

static void put_probe(struct ps *ps, const struct perf_probe *p, uint32_t fd)
{
	static const char named[] = "        fd {fd}  prog {prog_id}  {fd_type} "
				    "{tracepoint|filename|func}{offset}",
			  at_addr[] = "        fd {fd}  prog {prog_id}  {fd_type} at {addr}";
	const char *word = perf_place_name(p->place);
	struct out *o = ps->ctx->out;

	out_json_rec(o, NULL);
	table_line_of(ps->table, p->name[0] || col_of_probe(p) == C_TRACEPOINTS ? named : at_addr);
	out_uint(o, "fd", "%llu", fd);
	out_uint(o, "prog_id", "%llu", p->prog_id);
	out_enum(o, "fd_type", word ? "%s" : "event%.0s", word, p->place);
	show_perf_place(o, p, true);
	table_cell_end(ps->table);
	out_json_rec_end(o);
}

static void list_probes(struct ps *ps, const struct holder *h)
{
	out_json_list(ps->ctx->out, "probes");
	for (size_t i = 0; i < h->n_probes; i++)
		put_probe(ps, &h->probes[i], h->probe_fds[i]);
	out_json_list_end(ps->ctx->out);
}

/* --- detail: each object --- */

struct obj_desc {
	const char *type;		/* NULL: none, or known by its number */
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

/* It may have been freed meanwhile: then only the id is known. */
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

	describe_obj(ps->ctx, held, &d);
	out_json_rec(o, NULL);
	table_line_of(ps->table, "        {kind} {id}{type}{name}");
	out_str(o, "kind", "%s", held->kind->group);
	out_uint(o, "id", "%llu", held->id);
	if (d.type || d.number)
		out_enum(o, "type", "  %s", d.type, d.number);
	if (d.label.name[0])
		out_str(o, "name", "  name %s", d.label.name);
	table_cell_end(ps->table);
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

/* --- which --- */

/* The kernel keeps 15 characters of a name, people type all of it. */
static bool is_who(const struct ref *ref, const struct holder *h)
{
	if (ref->how == REF_ID)
		return ref->id == h->pid;
	if (ref->how == REF_NAME && strlen(h->comm) == PROC_COMM_MAX - 1)
		return has_prefix(ref->text, h->comm);
	return ref_is_name(ref, h->comm);
}

static bool is_wanted(struct ps_who *who, const struct holder *h)
{
	bool wanted = !who;

	for (; who; who = who->next) {
		if (!is_who(&who->ref, h))
			continue;
		who->found = true;
		wanted = true;
	}
	return wanted;
}

static int fail_nobody(struct ctx *ctx, const struct ref *ref)
{
	fail_msg(ctx->err, -ENOENT, "no process %s holds BPF objects or probes",
		 ref->how == REF_ID ? ref->text : "of this name");
	if (ref->how != REF_ID)
		err_hint(ctx->err, "'%s ps' lists all that do, '%s' is not among them",
			 ctx->progname, ref->text);
	return -ENOENT;
}

/* Who was asked for and is not there. If nobody is there, the last is the command's error. */
static int report_missing(struct ps *ps)
{
	for (struct ps_who *who = ps->args->who; who; who = who->next) {
		if (who->found)
			continue;
		if (!ps->n && !who->next)
			return fail_nobody(ps->ctx, &who->ref);
		fail_nobody(ps->ctx, &who->ref);
		report_and_skip(ps->ctx);
	}
	return 0;
}

/* --- the list --- */

static int put_process(const struct holder *h, void *data)
{
	struct ps *ps = data;
	bool probes = ps->args->verbose || ps->args->detail;

	if (!is_wanted(ps->args->who, h))
		return 0;
	table_row(ps->table);
	table_uint(ps->table, C_PID, h->pid);
	table_str(ps->table, C_COMM, h->comm);
	put_counts(ps, h);
	table_str(ps->table, C_CGROUP, h->cgroup);
	if (h->container[0])
		table_str_as(ps->table, C_CONTAINER, h->container, "%.12s", h->container);
	if (probes)
		list_probes(ps, h);
	if (ps->args->detail)
		list_objs(ps, h);
	table_row_end(ps->table);
	ps->n++;
	return out_failed(ps->ctx->out);
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
	table_fit(t, ps.args->wide ? 0 : screen_width());
	out_list(ctx->out, NULL, NULL);
	err = holders_each(ps.args->pid, put_process, &ps, &n_hidden);
	if (!err)
		err = report_missing(&ps);
	if (ctx->err->code)
		return err;
	if (err == -ESRCH)
		return fail_msg(ctx->err, err, "no process %u", ps.args->pid);
	if (err == -EACCES)
		return procs_fail(ctx, ps.args->pid);
	if (!err && ps.n)
		err = table_print(t);
	if (err)
		return fail(ctx->err, err, "list processes");
	procs_hidden(ctx, n_hidden);
	out_list_end(ctx->out);
	return 0;
}

static const char *const keywords[] = { "pid", "verbose", "detail", "wide", NULL };

/* A word that is, or abbreviates, a keyword is left to it. */
static int parse_who(struct ctx *ctx, struct args *a, void *member)
{
	static const char *const selectors[] = { "name", NULL };
	struct ps_who **list = member, *who;
	const char *word = args_peek(a);

	if (!*word || word_find(word, keywords) >= 0)
		return *word ? 0 : fail_usage(ctx->err, "'' is not a process");
	who = cmd_alloc(ctx, sizeof(*who));
	if (!who)
		return fail(ctx->err, -ENOMEM, "read the command line");
	while (*list)
		list = &(*list)->next;
	*list = who;
	return args_ref(ctx, a, selectors, &who->ref);
}

static int offer_holder(const struct holder *h, void *data)
{
	struct ctx *ctx = data;
	char pid[16];

	snprintf(pid, sizeof(pid), "%u", h->pid);
	complete_described(ctx, h->comm, pid);
	complete_described(ctx, pid, h->comm);
	return 0;
}

static void complete_who(struct ctx *ctx, UNUSED const char *selector, UNUSED const char *typed)
{
	size_t n_hidden;

	if (procs_are_there())
		holders_each(0, offer_holder, ctx, &n_hidden);
}

static const struct param ps_params[] = {
	PARAM_CUSTOM(struct ps_args, who, struct ps_who *, "", "PID|COMM", parse_who,
		     "only these processes: by number, name or pattern", .flags = PF_REPEAT,
		     .complete = complete_who),
	PARAM_U32(struct ps_args, pid, "pid", "N", "only this process",
		  .flags = PF_NOT_0 | PF_HIDDEN),
	PARAM_FLAG(struct ps_args, verbose, "verbose", "with the probes of each"),
	PARAM_FLAG(struct ps_args, detail, "detail", "with the probes and all objects of each"),
	PARAM_WIDE(struct ps_args),
	{ }
};

const struct cmd ps_cmd = {
	.name = "ps", .help = "processes that hold BPF objects or probes",
	.params = ps_params, .args_size = sizeof(struct ps_args),
	.run = ps_run,
};
