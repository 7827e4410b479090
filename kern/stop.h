/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Commands that go on until somebody ends them: SIGINT, SIGTERM and SIGHUP become something to
 * wait for, next to what the command follows, and the command ends as one that has done its work.
 */
#ifndef KERN_STOP_H
#define KERN_STOP_H

#include <signal.h>

#include "cli/ctx.h"

struct stop {
	int fd;				/* owned: readable when the user has had enough */
	int out_fd;			/* a pipe that our output goes to, or -1 */
	sigset_t before;
};

#define auto_stop __attribute__((cleanup(cleanup_stop)))
void cleanup_stop(struct stop *s);

/* From here to cleanup_stop() the signals end nothing by themselves. 0, or the error is stored. */
int stop_open(struct ctx *ctx, struct stop *ret);

enum stop_why { STOP_TIME, STOP_READY, STOP_NOW };

/*
 * Wait at most timeout_ms (-1: for ever) until one of the n fds is readable or the command is to
 * end: a signal, or nobody reads our output any more. A negative errno when waiting is impossible.
 */
int stop_wait(const struct stop *s, const int *fds, size_t n, int timeout_ms);

#endif
