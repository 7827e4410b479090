// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The run statistics of two moments, their differences per program, and the order of these. */
#include <errno.h>

#include "kern/object/names.h"
#include "view/show.h"
#include "top/top.h"

const char *const top_sort_words[] = { "cpu", "rate", "average", "runtime", "name", "id", NULL };

void top_sample_free(struct top_sample *s)
{
	run_stats_free(&s->before);
	run_stats_free(&s->now);
	free(s->rows);
	owners_free(s->owners);
	*s = (struct top_sample){};
}

static int compare_doubles(double a, double b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

static int by_cpu(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;
	int r = compare_doubles(x->cpu_percent, y->cpu_percent);

	return r ? r : x->stat->id < y->stat->id ? -1 : x->stat->id > y->stat->id;
}

static int by_rate(const void *a, const void *b)
{
	int r = compare_doubles(((const struct top_row *)a)->per_second,
				((const struct top_row *)b)->per_second);

	return r ? r : by_cpu(a, b);
}

static int by_average(const void *a, const void *b)
{
	int r = compare_doubles(((const struct top_row *)a)->average_ns,
				((const struct top_row *)b)->average_ns);

	return r ? r : by_cpu(a, b);
}

static int by_runtime(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;
	int r = compare_doubles((double)x->stat->run_time_ns, (double)y->stat->run_time_ns);

	return r ? r : by_cpu(a, b);
}

static int by_name(const void *a, const void *b)
{
	int r = strcmp(((const struct top_row *)a)->stat->name,
		       ((const struct top_row *)b)->stat->name);

	return r ? r : by_cpu(a, b);
}

static int by_id(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;

	return x->stat->id < y->stat->id ? -1 : x->stat->id > y->stat->id;
}

void top_sort_rows(struct top_sample *s, enum top_sort by)
{
	static int (*const orders[])(const void *, const void *) = {
		[TOP_BY_CPU] = by_cpu, [TOP_BY_RATE] = by_rate, [TOP_BY_AVERAGE] = by_average,
		[TOP_BY_RUNTIME] = by_runtime, [TOP_BY_NAME] = by_name, [TOP_BY_ID] = by_id,
	};

	if (s->n)
		qsort(s->rows, s->n, sizeof(*s->rows), orders[by]);
}

/* A new program has run since it was loaded. */
static struct top_row row_of(const struct run_stat *now, const struct run_stat *before,
			     double seconds)
{
	struct top_row row = { .stat = now };
	uint64_t ns = now->run_time_ns, runs = now->run_cnt;

	if (before && before->load_time_ns == now->load_time_ns && before->run_cnt <= runs) {
		ns -= before->run_time_ns;
		runs -= before->run_cnt;
		seconds = (double)(now->at_ns - before->at_ns) / 1e9;
	}
	if (seconds > 0) {
		row.cpu_percent = (double)ns / 1e7 / seconds;
		row.per_second = (double)runs / seconds;
	}
	row.average_ns = runs ? (double)ns / (double)runs : 0;
	row.total_average_ns = now->run_cnt ? (double)now->run_time_ns / (double)now->run_cnt : 0;
	return row;
}

/* One of the references, if there are any. A pinned path has become an id. */
static bool is_named(const struct ref *ref, const struct run_stat *s)
{
	bool all = ref->how == REF_NONE, found = false;

	for (; ref && !all && !found; ref = ref->next) {
		if (ref->how == REF_ID)
			found = ref->id == s->id;
		else if (ref->how == REF_TAG)
			found = !memcmp(ref->tag, s->tag, sizeof(s->tag));
		else
			found = ref_is_name(ref, s->name);
	}
	return all || found;
}

static bool is_wanted(struct ctx *ctx, const struct top_args *a, const struct run_stat *s)
{
	const char *type = name_of(ctx, NAMES_PROG_TYPE, s->type);

	if (!is_named(&a->prog, s))
		return false;
	if (a->type && !(type && streq(type, a->type)))
		return false;
	return !a->name || strstr(s->name, a->name);
}

static int compare(struct ctx *ctx, const struct top_args *a, struct top_sample *s)
{
	size_t i;

	free(s->rows);
	s->n = 0;
	s->rows = calloc(s->now.n + 1, sizeof(*s->rows));
	if (!s->rows)
		return fail(ctx->err, -ENOMEM, "compare statistics");
	for (i = 0; i < s->now.n; i++) {
		const struct run_stat *now = &s->now.all[i];

		if (is_wanted(ctx, a, now))
			s->rows[s->n++] =
				row_of(now, run_stats_find(&s->before, now->id), a->interval);
	}
	return 0;
}

int top_take(struct ctx *ctx, const struct top_args *a, struct top_sample *s)
{
	int err;

	run_stats_free(&s->before);
	s->before = s->now;
	s->now = (struct run_stats){};
	err = run_stats_read(ctx, 0, &s->now);
	if (!err)
		err = compare(ctx, a, s);
	if (err)
		return err;
	owners_free(take_ptr(s->owners));
	s->owners = listing_owners(ctx, &obj_prog, s->now.n, !s->reported);
	s->reported = true;
	top_sort_rows(s, (enum top_sort)a->sort);
	return 0;
}
