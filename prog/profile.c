// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog profile: the cost of a program's runs, for some time. Counters are read around each
 * run if the kernel supports it; otherwise its own run statistics, enabled only meanwhile, provide
 * time and number.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <time.h>

#include "cli/cmd.h"
#include "json_writer.h"
#include "kern/run/profile.h"
#include "kern/run/stats.h"
#include "kern/stop.h"

struct prog_profile_args {
	struct ref prog;
	uint32_t duration;		/* seconds; 0: until a signal */
	bool cycles, instructions, l1d_loads, llc_misses, itlb_misses, dtlb_misses;
	bool cpu_clock, run_time;
};

#define CACHE_EVENT(cache, op, result)                                                             \
	(PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##op << 8 |                          \
	 PERF_COUNT_HW_CACHE_RESULT_##result << 16)

struct metric {
	const char *name;
	size_t off;			/* of its flag in struct prog_profile_args */
	struct profile_counter counter;
	int base;			/* the metric it is related to, or -1 */
	double scale;
	const char *ratio;
};

enum { CYCLES, INSTRUCTIONS };

#define METRIC(name) #name, offsetof(struct prog_profile_args, name)
static const struct metric metrics[] = {
	[CYCLES] = { METRIC(cycles),
		     { PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
		     -1,
		     0,
		     NULL },
	[INSTRUCTIONS] = { METRIC(instructions),
			   { PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS },
			   CYCLES,
			   1,
			   "insns per cycle" },
	{ METRIC(l1d_loads), { PERF_TYPE_HW_CACHE, CACHE_EVENT(L1D, READ, ACCESS) }, -1, 0, NULL },
	{ METRIC(llc_misses),
	  { PERF_TYPE_HW_CACHE, CACHE_EVENT(LL, READ, MISS) },
	  INSTRUCTIONS,
	  1e6,
	  "LLC misses per million insns" },
	{ METRIC(itlb_misses),
	  { PERF_TYPE_HW_CACHE, CACHE_EVENT(ITLB, READ, MISS) },
	  INSTRUCTIONS,
	  1e6,
	  "itlb misses per million insns" },
	{ METRIC(dtlb_misses),
	  { PERF_TYPE_HW_CACHE, CACHE_EVENT(DTLB, READ, MISS) },
	  INSTRUCTIONS,
	  1e6,
	  "dtlb misses per million insns" },
	{ METRIC(cpu_clock), { PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK }, -1, 0, NULL },
};

_Static_assert(ARRAY_SIZE(metrics) <= PROFILE_METRICS, "the profiler's maps are too small");

/* The selected ones, in the order of the table. */
struct choice {
	size_t n;
	const struct metric *m[ARRAY_SIZE(metrics)];
	struct profile_counter counters[ARRAY_SIZE(metrics)];
};

static struct choice choose(const struct prog_profile_args *a)
{
	struct choice c = {};

	for (size_t i = 0; i < ARRAY_SIZE(metrics); i++) {
		if (!*(const bool *)((const char *)a + metrics[i].off))
			continue;
		c.m[c.n] = &metrics[i];
		c.counters[c.n++] = metrics[i].counter;
	}
	return c;
}

/* Until the time is over or the user interrupts it. */
static int wait_for_end(struct ctx *ctx, uint32_t seconds)
{
	auto_stop struct stop stop = { .fd = -1 };
	int err = stop_open(ctx, &stop), why;
	uint64_t left_ms = seconds * 1000ULL;

	if (err)
		return err;
	do {
		uint64_t now = left_ms < 1000000000 ? left_ms : 1000000000;

		why = stop_wait(&stop, NULL, 0, seconds ? (int)now : -1);
		left_ms -= now;
	} while (why == STOP_TIME && (left_ms || !seconds));
	return why < 0 ? fail(ctx->err, why, "wait") : 0;
}

static const struct profile_value *value_of(const struct choice *c,
					    const struct profile_value *values, int base)
{
	for (size_t i = 0; base >= 0 && i < c->n; i++)
		if (c->m[i] == &metrics[base])
			return &values[i];
	return NULL;
}

static void show_metric(struct out *o, const struct choice *c, size_t at, uint64_t runs,
			const struct profile_value *values)
{
	const struct metric *m = c->m[at];
	const struct profile_value *v = &values[at], *base = value_of(c, values, m->base);

	out_rec(o, NULL);
	out_form(o, "{value} {metric}");
	out_str(o, "metric", "%-20s", m->name);
	out_uint(o, "run_cnt", "%llu", runs);
	out_uint(o, "value", "%18llu", v->value);
	out_uint(o, "enabled", "%llu", v->enabled);
	out_uint(o, "running", "%llu", v->running);
	out_str(o, "source", "%s", "counters");
	out_form_end(o);
	if (base && base->value)
		out_text(o, "# %8.2f %s", (double)v->value / (double)base->value * m->scale,
			 m->ratio);
	if (v->enabled > v->running)
		out_text(o, " (%4.2f%%)", 100.0 * (double)v->running / (double)v->enabled);
	out_rec_end(o);
}

static int by_counters(struct ctx *ctx, struct profile *p, const struct choice *c, uint32_t seconds)
{
	struct profile_value values[PROFILE_METRICS];
	struct out *o = ctx->out;
	uint64_t runs;
	int err = wait_for_end(ctx, seconds);

	if (err)
		return err;
	err = profile_stop(p, &runs, values);
	if (err)
		return fail(ctx->err, err, "read the counters");
	out_text(o, "\n%18llu run_cnt\n", (unsigned long long)runs);
	out_list(o, NULL, NULL);
	for (size_t i = 0; i < c->n; i++)
		show_metric(o, c, i, runs, values);
	out_list_end(o);
	return 0;
}

static uint64_t now_ns(void)
{
	struct timespec ts = {};

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* Two readings of a program's statistics, and the time between. */
struct stats {
	struct bpf_prog_info from, to;
	uint64_t ns;
};

static void show_stats(struct out *o, const struct stats *s, const char *why)
{
	uint64_t runs = s->to.run_cnt - s->from.run_cnt,
		 ns = s->to.run_time_ns - s->from.run_time_ns;
	uint64_t missed = s->to.recursion_misses - s->from.recursion_misses;
	char form[80] = "{value} {metric}{recursion_misses}";
	size_t len = strlen("{value} {metric}");

	out_text(o, "\n%18llu run_cnt\n", (unsigned long long)runs);
	out_list(o, NULL, NULL);
	out_rec(o, NULL);
	if (runs)
		snprintf(form + len, sizeof(form) - len, "# %8.2f ns per run{recursion_misses}",
			 (double)ns / (double)runs);
	out_form(o, form);
	out_str(o, "metric", "%-20s", "run_time_ns");
	out_uint(o, "run_cnt", "%llu", runs);
	out_uint(o, "value", "%18llu", ns);
	out_uint(o, "enabled", "%llu", s->ns);
	out_uint(o, "running", "%llu", s->ns);
	out_nonzero(o, "recursion_misses", "\n%18llu recursion_misses", missed);
	out_str(o, "source", "%s", "run_stats");
	if (why)
		out_str(o, "reason", "%s", why);
	out_form_end(o);
	out_rec_end(o);
	out_list_end(o);
}

/*
 * The kernel counts for all programs while any process holds such an fd; closing it restores the
 * previous state.
 */
static int by_run_stats(struct ctx *ctx, int prog_fd, uint32_t seconds, const char *why)
{
	struct stats s = { .ns = now_ns() };
	auto_close int stats_fd = -1;
	int err = run_stats_start(ctx, &stats_fd);

	if (err)
		return err;
	if (why)
		notice(ctx, "%s; showing the kernel's run statistics", why);
	err = obj_info(prog_fd, &s.from, sizeof(s.from));
	if (err)
		return fail(ctx->err, err, "read program");
	err = wait_for_end(ctx, seconds);
	if (err)
		return err;
	s.ns = now_ns() - s.ns;
	err = obj_info(prog_fd, &s.to, sizeof(s.to));
	if (err)
		return fail(ctx->err, err, "read program");
	show_stats(ctx->out, &s, why);
	return 0;
}

static int prog_profile(struct ctx *ctx, const void *args)
{
	const struct prog_profile_args *a = args;
	struct choice c = choose(a);
	struct profile *p = NULL;
	auto_close int fd = -1;
	const char *what = "";
	char why[160], text[64];
	int err;

	if (!c.n && !a->run_time)
		return fail_usage(ctx->err, "missing METRIC");
	if (c.n && a->run_time)
		return fail_usage(ctx->err, "run_time cannot be combined with other metrics");
	err = obj_open(ctx, &obj_prog, &a->prog, 0, &fd);
	if (err)
		return err;
	if (!c.n)
		return by_run_stats(ctx, fd, a->duration, NULL);
	err = profile_start(fd, c.counters, c.n, &what, &p);
	if (err) {
		snprintf(why, sizeof(why), "%s (%s)", what, errno_text(err, text, sizeof(text)));
		return by_run_stats(ctx, fd, a->duration, why);
	}
	err = by_counters(ctx, p, &c, a->duration);
	profile_free(p);
	return err;
}

#define METRIC_ROW(name, text) PARAM_FLAG(struct prog_profile_args, name, #name, text)
static const struct param prog_profile_params[] = {
	PARAM_REF(struct prog_profile_args, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = obj_complete_prog),
	PARAM_U32(struct prog_profile_args, duration, "duration", "SECONDS",
		  "seconds to count (default: until interrupted)"),
	METRIC_ROW(cycles, "CPU cycles"),
	METRIC_ROW(instructions, "instructions"),
	METRIC_ROW(l1d_loads, "level 1 data cache loads"),
	METRIC_ROW(llc_misses, "last-level cache read misses"),
	METRIC_ROW(itlb_misses, "instruction TLB misses"),
	METRIC_ROW(dtlb_misses, "data TLB misses"),
	METRIC_ROW(cpu_clock, "CPU clock, nanoseconds"),
	METRIC_ROW(run_time, "runs and nanoseconds from kernel statistics"),
	{}
};

const struct cmd prog_profile_cmd = {
	.name = "profile", .help = "count events during runs of a program",
	.params = prog_profile_params, .args_size = sizeof(struct prog_profile_args),
	.run = prog_profile,
};
