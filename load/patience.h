/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * While the kernel verifies for more than a second a terminal is shown that it does, and for how
 * long. The call blocks in the kernel, and a signal would make it start again: hence a thread.
 */
#ifndef LOAD_PATIENCE_H
#define LOAD_PATIENCE_H

#include <pthread.h>

#include "cli/ctx.h"

struct patience {
	struct ctx *ctx;		/* NULL: nothing runs */
	const char *what;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t end;
	bool over;
};

/* what: a path; must live until patience_end(). Without a thread nothing is shown. */
void patience_begin(struct ctx *ctx, const char *what, struct patience *ret);
/* Removes the line. */
void patience_end(struct patience *p);

#endif
