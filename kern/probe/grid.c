// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Thousands of probes, spread over the CPUs. */
#include <pthread.h>
#include <unistd.h>

#include "kern/probe/probe.h"

#define THREADS_MAX 8

struct work {
	const struct probe *probe;
	const struct probe_grid *grid;
	size_t next;			/* used atomically: map types first, then calls */
	int err;			/* of a probe without a result; atomic too */
};

static int do_job(const struct probe *p, const struct probe_grid *g, size_t i)
{
	uint32_t type, call;
	int err = 0;

	if (i < g->n_batch) {
		g->ret_batch[i] = probe_batch_ops(p, i, &err);
		return err;
	}
	i -= g->n_batch;
	type = g->types[i / g->n_calls];
	call = g->calls[i % g->n_calls];
	g->ret[i] = (g->kfuncs ? probe_try_kfunc : probe_try_helper)(p, type, call, &err);
	return g->ret[i] == PROBE_THERE ? 0 : err;
}

static void *work(void *data)
{
	struct work *w = data;
	const size_t n = w->grid->n_batch + w->grid->n_types * w->grid->n_calls;
	size_t i;
	int err;

	while ((i = __atomic_fetch_add(&w->next, 1, __ATOMIC_RELAXED)) < n) {
		err = do_job(w->probe, w->grid, i);
		if (err)
			__atomic_store_n(&w->err, err, __ATOMIC_RELAXED);
	}
	return NULL;
}

int probe_calls(const struct probe *p, const struct probe_grid *g)
{
	struct work w = { p, g, 0, 0 };
	pthread_t threads[THREADS_MAX];
	long n = sysconf(_SC_NPROCESSORS_ONLN), started = 0;

	/*
	 * One more than there are CPUs, for the probes that wait. Without threads it only takes
	 * longer.
	 */
	while (started < n && started < THREADS_MAX &&
	       !pthread_create(&threads[started], NULL, work, &w))
		started++;
	work(&w);
	while (started)
		pthread_join(threads[--started], NULL);
	return w.err;
}
