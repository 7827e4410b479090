// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl perf: which processes keep programs attached to tracepoints, probes and counters.
 * kern/attach/perf_event.c finds them.
 */
#include <errno.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/attach/perf_event.h"
#include "kern/procs.h"
#include "view/show.h"

/*
 * Omitted if the process has exited. Readers of bpftool's lines expect the attach target to be the
 * last word.
 */
static void show_comm(struct ctx *ctx, const char *comm)
{
	if (ctx_is_bpftool(ctx))
		return;
	if (comm[0])
		out_str(ctx->out, "comm", "comm %s", comm);
	else
		out_json_str(ctx->out, "comm", comm);
}

static int show_probe(const struct proc_file *f, const struct perf_probe *p, void *data)
{
	char comm[PROC_COMM_MAX];
	struct ctx *ctx = data;
	struct out *o = ctx->out;

	proc_comm(f, comm);
	out_rec(o, NULL);
	out_uint(o, "pid", "pid %llu", f->pid);
	out_uint(o, "fd", "fd %llu:", f->fd);
	out_sep(o, " ");
	out_uint(o, "prog_id", "prog_id %llu", p->prog_id);
	out_enum(o, "fd_type", "%s", perf_place_name(p->place), p->place);
	show_perf_place(o, p, false);
	show_comm(ctx, comm);
	out_rec_end(o);
	return out_failed(o);
}

static int show_counter(const struct perf_counter *c, void *data)
{
	struct ctx *ctx = data;
	struct out *o = ctx->out;

	out_rec(o, NULL);
	out_uint(o, "pid", "pid %llu", c->pid);
	out_uint(o, "fd", "fd %llu:", c->fd);
	out_sep(o, " ");
	out_uint(o, "prog_id", "prog_id %llu", c->prog_id);
	out_str(o, "fd_type", "%s", "perf_event");
	show_perf_config(o, "", c->type, c->config);
	show_comm(ctx, c->comm);
	out_rec_end(o);
	return out_failed(o);
}

/* Only if there are any: loading the iterator takes longer than everything else. */
static int show_counters(struct ctx *ctx, size_t n_hidden)
{
	int err = n_hidden ? perf_each_counter(show_counter, ctx) : 0;

	if (err && !out_failed(ctx->out)) {
		unread(ctx, err, "cap_bpf,cap_perfmon,cap_sys_admin",
		       "read the programs of %zu perf event%s on hardware "
		       "or software counters",
		       n_hidden, plural(n_hidden, "", "s"));
		return 0;
	}
	return err;
}

static int fail_check(struct ctx *ctx, int err)
{
	fail(ctx->err, err, "query perf events of processes");
	if (err == -EPERM || err == -EACCES)
		err_hint_denied(ctx->err, "cap_sys_admin");
	else
		err_hint(ctx->err, "requires CONFIG_BPF_SYSCALL and CONFIG_PERF_EVENTS");
	return err;
}

static int perf_show(struct ctx *ctx, UNUSED const void *args)
{
	struct perf_gaps gaps;
	int err = perf_check();

	if (err)
		return fail_check(ctx, err);
	out_stream(ctx->out, NULL);
	err = perf_each(show_probe, ctx, &gaps);
	if (!err)
		err = show_counters(ctx, gaps.n_events);
	if (err == -ENOENT)
		return procs_fail_none(ctx, "list perf events");
	if (err)
		return fail(ctx->err, err, "list perf events");
	procs_partly(ctx, gaps.n_procs);
	out_stream_end(ctx->out);
	return 0;
}

static const struct param no_params[] = { { } };

static const struct cmd perf_show_cmd = {
	.name = "show", .help = "list programs on tracepoints, probes and perf events",
	.params = no_params,
	.run = perf_show, .flags = CMD_DEFAULT,
};

static const struct cmd *const perf_cmds[] = {
	&perf_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	NULL
};

const struct cmd perf_cmd = {
	.name = "perf", .help = "programs on perf events",
	.sub = perf_cmds,
};
