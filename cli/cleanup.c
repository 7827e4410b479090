// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a signal removes. A signal handler has no arguments, so this table is the program's only
 * state outside struct ctx; all code that accesses it is async-signal-safe.
 */
#include <errno.h>
#include <stdatomic.h>

#include "cli/cleanup.h"

#define FILES_MAX 8			/* a command writes one, "prog run" up to three */

static _Atomic(char *) files[FILES_MAX];

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* SA_RESETHAND: the signal raised here has its default effect after the handler returns. */
static void remove_files(int sig)
{
	int before = errno;

	for (size_t i = 0; i < FILES_MAX; i++) {
		char *path = atomic_load(&files[i]);

		if (path)
			unlink(path);
	}
	errno = before;
	raise(sig);
}

static void install(void)
{
	const struct sigaction action = { .sa_handler = remove_files,
					  .sa_flags = (int)SA_RESETHAND };
	struct sigaction old;

	for (size_t i = 0; i < ARRAY_SIZE(ending); i++)
		if (!sigaction(ending[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(ending[i], &action, NULL);
}

void cleanup_block(sigset_t *ret_before)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(ending); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, ret_before);
}

void cleanup_unblock(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

int cleanup_add(char *path)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		char *none = NULL;

		if (!atomic_compare_exchange_strong(&files[i], &none, path))
			continue;
		install();
		return 0;
	}
	return -ENOSPC;
}

void cleanup_forget(const char *path)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		if (path && atomic_load(&files[i]) == path)
			atomic_store(&files[i], NULL);
}
