/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* bpfctl metrics: figures for a monitoring system, as text that Prometheus reads. */
#ifndef METRICS_H
#define METRICS_H

#include "cli/cmd.h"

struct metrics_args {
	const char *file;		/* NULL: stdout */
};

extern const struct param metrics_params[];
int metrics_run(struct ctx *ctx, const void *args);

#endif
