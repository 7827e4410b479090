/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Temporary files that must not outlive the run: SIGINT, SIGTERM, SIGHUP and SIGQUIT remove them
 * and then terminate the run as usual. An ignored signal (nohup) stays ignored, a blocked one stays
 * pending.
 */
#ifndef CLI_CLEANUP_H
#define CLI_CLEANUP_H

#include <signal.h>

#include "cli/defs.h"

/*
 * Blocks these signals between the creation of a file and cleanup_add(). Undone by
 * cleanup_unblock().
 */
void cleanup_block(sigset_t *ret_before);
void cleanup_unblock(const sigset_t *before);

/* path must live until cleanup_forget(). Returns 0, or -ENOSPC if there are too many. */
int cleanup_add(char *path);
/* The file was removed or renamed to its final name. A path that was never added is allowed. */
void cleanup_forget(const char *path);

#endif
