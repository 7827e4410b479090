/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * bpfctl top: the cost of programs, sampled. top/sample.c takes samples; top.c prints them,
 * top/screen.c shows them on a terminal.
 */
#ifndef TOP_TOP_H
#define TOP_TOP_H

#include "cli/buf.h"
#include "cli/cmd.h"
#include "kern/object/owners.h"
#include "kern/run/stats.h"

enum top_sort {
	TOP_BY_CPU, TOP_BY_RATE, TOP_BY_AVERAGE, TOP_BY_RUNTIME, TOP_BY_NAME, TOP_BY_ID,
	TOP_SORTS
};
extern const char *const top_sort_words[];

struct top_args {
	uint32_t samples;		/* 0: until interrupted */
	uint32_t interval;		/* seconds */
	uint32_t limit;			/* programs shown; 0: all */
	int sort;
	const char *type, *name;	/* only these; NULL: all */
	struct ref prog;
};

/* One program over the last interval. */
struct top_row {
	const struct run_stat *stat;	/* borrowed from the sample */
	double cpu_percent;		/* of one CPU */
	double per_second;		/* runs */
	double average_ns;		/* of a run in the interval */
	double total_average_ns;	/* of all counted runs */
};

/* Two snapshots and the differences between them. */
struct top_sample {
	struct run_stats before, now;
	struct top_row *rows;		/* owned; sorted */
	size_t n;
	struct owners *owners;		/* owned; NULL: not known */
	bool reported; /* missing owners were reported: with the first sample, or there is no
		        * place for it */
};

void top_sample_free(struct top_sample *s);
#define auto_top_sample __attribute__((cleanup(top_sample_free)))
/* The next snapshot: the current one becomes the previous. Returns 0, or the error is stored. */
int top_take(struct ctx *ctx, const struct top_args *a, struct top_sample *s);
void top_sort_rows(struct top_sample *s, enum top_sort by);

/* The full screen; restores the terminal afterwards. */
int top_screen(struct ctx *ctx, const struct top_args *a);

#endif
