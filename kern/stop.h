/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Commands that run until interrupted: SIGINT, SIGTERM and SIGHUP become an event to wait for, next
 * to what the command follows, and the command ends successfully.
 */
#ifndef KERN_STOP_H
#define KERN_STOP_H

#include <signal.h>

#include "cli/ctx.h"

struct stop {
	int fd;				/* owned: readable when interrupted */
	int out_fd;			/* a pipe that receives our output, or -1 */
	sigset_t before;
};

#define auto_stop __attribute__((cleanup(cleanup_stop)))
void cleanup_stop(struct stop *s);

/*
 * From here to cleanup_stop() the signals do not terminate the process. Returns 0, or the error is
 * stored.
 */
int stop_open(struct ctx *ctx, struct stop *ret);

enum stop_why { STOP_TIME, STOP_READY, STOP_NOW };

/*
 * Waits at most timeout_ms (-1: forever) until one of the n fds is readable or the command shall
 * end: a signal, or nobody reads our output any more. Returns a negative errno if waiting is
 * impossible.
 */
int stop_wait(const struct stop *s, const int *fds, size_t n, int timeout_ms);

#endif
