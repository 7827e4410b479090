// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The thread only waits and calls ctx->progress, which nobody else calls meanwhile. */
#include <signal.h>
#include <time.h>

#include "load/patience.h"

/* Waits for the end until the time; false: the time has come first. */
static bool is_over(struct patience *p, const struct timespec *until)
{
	bool over;

	pthread_mutex_lock(&p->lock);
	while (!p->over && !pthread_cond_timedwait(&p->end, &p->lock, until))
		;
	over = p->over;
	pthread_mutex_unlock(&p->lock);
	return over;
}

static void *tick(void *data)
{
	struct patience *p = data;
	struct timespec next;
	unsigned int seconds;
	char text[320];

	clock_gettime(CLOCK_REALTIME, &next);
	for (seconds = 1;; seconds++) {
		next.tv_sec++;
		if (is_over(p, &next))
			return NULL;
		snprintf(text, sizeof(text), "the kernel verifies '%.200s' for %u s; ^C is safe",
			 p->what, seconds);
		p->ctx->progress(p->ctx, text);
	}
}

void patience_begin(struct ctx *ctx, const char *what, struct patience *ret)
{
	sigset_t all, before;

	*ret = (struct patience){ .what = what };
	if (!ctx->progress || !isatty(STDERR_FILENO))
		return;
	pthread_mutex_init(&ret->lock, NULL);
	pthread_cond_init(&ret->end, NULL);
	ret->ctx = ctx;
	sigfillset(&all);		/* signals go to the thread that works */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&ret->thread, NULL, tick, ret))
		ret->ctx = NULL;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void patience_end(struct patience *p)
{
	if (!p->ctx)
		return;
	pthread_mutex_lock(&p->lock);
	p->over = true;
	pthread_cond_signal(&p->end);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	p->ctx->progress(p->ctx, NULL);
	pthread_cond_destroy(&p->end);
	pthread_mutex_destroy(&p->lock);
	p->ctx = NULL;
}
