// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl top: programs by CPU time. Statistics are enabled only while it runs. On a terminal
 * top/screen.c takes over; otherwise, or if a number of samples is given, samples are printed.
 */
#include <errno.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"
#include "kern/stop.h"
#include "view/owner.h"
#include "view/show.h"
#include "view/table.h"
#include "top/top.h"

static const struct table_col cols[] = {
	{ "id", "ID", 6, 0 },
	{ "type", "TYPE", 12, 0 },
	{ "name", "NAME", 15, 0 },
	{ "cpu_percent", "CPU%", 7, 0 },
	{ "runs_per_second", "RUNS/S", 9, 0 },
	{ "average_ns", "AVG_NS", 8, 0 },
	{ "total_average_ns", "TOTAL_AVG_NS", 12, 0 },
	{ "run_cnt", NULL, 0, 0 },
	{ "run_time_ns", NULL, 0, 0 },
	{ "recursion_misses", "MISSED", 0, TABLE_OPTIONAL },
	{ NULL, "PIDS", 0, TABLE_OPTIONAL },
};
enum {
	COL_ID, COL_TYPE, COL_NAME, COL_CPU, COL_RATE, COL_AVG, COL_TOTAL, COL_RUNS, COL_TIME,
	COL_MISSED, COL_PIDS
};

static void show_row(struct ctx *ctx, struct table *t, const struct top_sample *s,
		     const struct top_row *r)
{
	size_t n;
	const struct owner *owners = owners_of(s->owners, r->stat->id, &n);

	table_row(t);
	table_uint(t, COL_ID, r->stat->id);
	table_enum(t, COL_TYPE, name_of(ctx, NAMES_PROG_TYPE, r->stat->type), r->stat->type);
	table_str(t, COL_NAME, r->stat->name);
	table_double(t, COL_CPU, 2, r->cpu_percent);
	table_double(t, COL_RATE, 0, r->per_second);
	table_double(t, COL_AVG, 0, r->average_ns);
	table_double(t, COL_TOTAL, 0, r->total_average_ns);
	table_uint(t, COL_RUNS, r->stat->run_cnt);
	table_uint(t, COL_TIME, r->stat->run_time_ns);
	table_nonzero(t, COL_MISSED, r->stat->recursion_misses);
	table_owners(ctx->out, t, COL_PIDS, owners, n);
	table_row_end(t);
}

/* JSON: a record per sample. Text: a table per sample, an empty line before all but the first. */
static int show_sample(struct ctx *ctx, const struct top_args *a, const struct top_sample *s,
		       bool first)
{
	auto_table struct table *t = table_new(ctx->out, cols, ARRAY_SIZE(cols));
	struct out *o = ctx->out;
	size_t n = a->limit && a->limit < s->n ? a->limit : s->n;
	int err;

	if (!t)
		return fail(ctx->err, -ENOMEM, "show statistics");
	out_json_rec(o, NULL);
	out_json_uint(o, "time", (uint64_t)time(NULL));
	out_json_uint(o, "interval", a->interval);
	out_json_list(o, "programs");
	if (!first)
		out_text(o, "\n");
	for (size_t i = 0; i < n; i++)
		show_row(ctx, t, s, &s->rows[i]);
	err = table_print(t);
	out_json_list_end(o);
	out_json_rec_end(o);
	if (!err)
		err = out_flush(o);
	return err ? fail(ctx->err, err, "show statistics") : 0;
}

/* Until the next sample. True: the user interrupted it. */
static bool wait_interval(const struct stop *stop, uint32_t seconds)
{
	const uint32_t max = INT_MAX / 1000;

	return stop_wait(stop, NULL, 0, (int)(seconds < max ? seconds : max) * 1000) != STOP_TIME;
}

/* Signals are accepted only between two samples, so that everything open is closed. */
static int print_samples(struct ctx *ctx, const struct top_args *a)
{
	auto_top_sample struct top_sample s = {};
	auto_stop struct stop stop = { .fd = -1 };
	int err = stop_open(ctx, &stop);

	if (!err)
		err = top_take(ctx, a, &s);
	out_stream(ctx->out, NULL);
	for (uint32_t i = 0; !err && (!a->samples || i < a->samples); i++) {
		if (wait_interval(&stop, a->interval))
			break;
		err = top_take(ctx, a, &s);
		if (!err)
			err = show_sample(ctx, a, &s, i == 0);
	}
	if (!err)
		out_stream_end(ctx->out);
	return err;
}

static int pin_to_id(struct ctx *ctx, struct ref *ref)
{
	struct obj_label label = {};
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_prog, &(struct ref){ .how = REF_PINNED, .text = ref->text }, 0,
			   &fd);

	if (!err && obj_prog.read_label(fd, &label))
		err = fail(ctx->err, -EIO, "read program '%s'", ref->text);
	if (err)
		return err;
	ref->how = REF_ID;
	ref->id = label.id;
	return 0;
}

/* A program that nobody has is an error, not an empty table. */
static int find_progs(struct ctx *ctx, struct ref *prog)
{
	int *fds = NULL, err = 0;
	size_t n = 0;

	for (struct ref *ref = prog; ref && !err; ref = ref->next)
		if (ref->how == REF_PINNED)
			err = pin_to_id(ctx, ref);
	if (err || prog->how == REF_NONE)
		return err;
	err = obj_find(ctx, &obj_prog, prog, 0, &fds, &n);
	if (!err)
		obj_close_all(fds, n);
	return err;
}

static int top_run(struct ctx *ctx, const void *args)
{
	struct top_args a = *(const struct top_args *)args;
	auto_close int stats_fd = -1;
	int err;

	if (!a.interval)
		a.interval = 1;
	err = find_progs(ctx, &a.prog);
	if (!err)
		err = run_stats_start(ctx, &stats_fd);
	if (err)
		return err;
	if (a.samples || out_is_json(ctx->out) || !isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return print_samples(ctx, &a);
	return top_screen(ctx, &a);
}

static const struct param top_params[] = {
	PARAM_REF(struct top_args, prog, "", "PROG", ref_words_prog, "only these programs",
		  .flags = PF_REPEAT, .complete = obj_complete_prog),
	PARAM_U32(struct top_args, samples, "samples", "N", "exit after N samples; also -n N"),
	PARAM_U32(struct top_args, interval, "interval", "SECONDS",
		  "seconds between samples (1); also -i SECONDS"),
	PARAM_U32(struct top_args, limit, "limit", "N", "only the first N programs"),
	PARAM_CHOICE(struct top_args, sort, "sort", "KEY", top_sort_words, "sort order"),
	PARAM_WORD(struct top_args, type, "type", "TYPE", prog_type_words,
		   "only programs of this type"),
	PARAM_WORD(struct top_args, name, "match", "TEXT", NULL,
		   "only programs whose name "
		   "contains this"),
	{}
};

const struct cmd top_cmd = {
	.name = "top", .help = "programs by CPU time, live or printed",
	.params = top_params, .args_size = sizeof(struct top_args),
	.run = top_run,
};
