/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* How to reset one item of the state of tracing. */
#ifndef KERN_TRACE_UNDO_H
#define KERN_TRACE_UNDO_H

#include "kern/trace/state.h"

struct trace_undo {
	char *path;			/* owned: below the root of tracefs */
	char *text;			/* owned: what to write; NULL: remove the directory */
	enum tracefs_how how;
};

#define auto_trace_undo __attribute__((cleanup(trace_undo_free)))
void trace_undo_free(struct trace_undo *u);

/* 0 or -ENOMEM. */
int trace_undo_plan(const struct trace_item *item, struct trace_undo *ret);

/* Does it: returns 0 or the kernel's error. -ENOENT: it is already gone. */
int trace_undo(const struct tracefs *t, const struct trace_undo *u);

#endif
