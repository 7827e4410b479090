// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Holders of objects: the choice between two ways to find them, the way through /proc, and the
 * sorted set.
 */
#include <errno.h>

#include "cli/array.h"
#include "kern/object/owners_iter.h"
#include "kern/procs.h"

struct owners {
	struct owner *all;		/* owned; by id, then pid */
	size_t n, max, n_hidden;	/* hidden: processes */
	enum owners_source source;
};

static int add(struct owners *o, const struct owner *one)
{
	struct owner *all = array_room(o->all, o->n, &o->max, sizeof(*all));

	if (!all)
		return -ENOMEM;
	o->all = all;
	o->all[o->n++] = *one;
	return 0;
}

struct proc_walk {
	struct owners *o;
	const struct obj_kind *kind;
	struct owner last;		/* its name is reused for the process's next file */
};

static int add_file(const struct proc_file *f, void *data)
{
	struct proc_walk *w = data;
	int err;

	if (obj_kind_by_link(f->target) != w->kind)
		return 0;
	err = proc_fdinfo(f, w->kind->fdinfo_key, &w->last.id);
	if (err)
		return err == -ENOENT ? 0 : err;
	if (w->last.pid != f->pid) {
		w->last.pid = f->pid;
		proc_comm(f, w->last.comm);
	}
	return add(w->o, &w->last);
}

static int by_id_and_pid(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void drop_repeats(struct owners *o)
{
	size_t i, kept = 0;

	if (o->n)
		qsort(o->all, o->n, sizeof(*o->all), by_id_and_pid);
	for (i = 0; i < o->n; i++)
		if (!kept || by_id_and_pid(&o->all[kept - 1], &o->all[i]))
			o->all[kept++] = o->all[i];
	o->n = kept;
}

static int collect(struct ctx *ctx, const struct obj_kind *kind, size_t n_expected,
		   struct owners *o)
{
	struct proc_walk walk = { .o = o, .kind = kind };
	o->source = OWNERS_ITER;
	if ((n_expected >= OWNERS_MANY || !procs_may_see_all()) &&
	    !owners_iterate(ctx, kind, add, o))
		return 0;
	o->source = OWNERS_PROC;
	o->n = 0;
	if (!procs_are_there())
		return -ENOENT;
	return procs_each_file(add_file, &walk, &o->n_hidden);
}

int owners_collect(struct ctx *ctx, const struct obj_kind *kind, size_t n_expected,
		   struct owners **ret)
{
	struct owners *o = calloc(1, sizeof(*o));
	int err = o ? collect(ctx, kind, n_expected, o) : -ENOMEM;

	if (err) {
		owners_free(o);
		return err;
	}
	drop_repeats(o);
	*ret = o;
	return 0;
}

void owners_free(struct owners *o)
{
	if (o)
		free(o->all);
	free(o);
}

void owners_partly(struct ctx *ctx, const struct owners *o)
{
	procs_partly(ctx, o->n_hidden);
}

void owners_unread(struct ctx *ctx, const struct obj_kind *kind, int err)
{
	unread(ctx, err, "cap_sys_ptrace",
	       err == -ENOENT ? "find the processes that hold %s: no /proc is mounted"
			      : "find the processes that hold %s",
	       kind->nouns);
}

enum owners_source owners_source(const struct owners *o)
{
	return o->source;
}

const struct owner *owners_of(const struct owners *o, uint32_t id, size_t *ret_n)
{
	size_t first = o ? count_before(o->all, o->n, owner, owner->id < id) : 0, n = 0;

	while (o && first + n < o->n && o->all[first + n].id == id)
		n++;
	*ret_n = n;
	return n ? o->all + first : NULL;
}
