/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Temporary files that must not outlive the run: SIGINT, SIGTERM, SIGHUP and SIGQUIT remove them
 * and end the run as they would have done. A signal that is ignored (nohup) stays ignored, one that
 * is blocked waits.
 */
#ifndef CLI_CLEANUP_H
#define CLI_CLEANUP_H

#include <signal.h>

#include "cli/defs.h"

/* Signals wait: between the making of a file and cleanup_add(). Restore with cleanup_unblock(). */
void cleanup_block(sigset_t *ret_before);
void cleanup_unblock(const sigset_t *before);

/* path must live until cleanup_forget(). 0, or -ENOSPC: too many at once. */
int cleanup_add(char *path);
/* The file is removed, or has got its name. Fine for a path that was never added. */
void cleanup_forget(const char *path);

#endif
