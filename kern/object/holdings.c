// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Files are visited process by process: those of one process are collected until the first file of
 * the next.
 */
#include <errno.h>

#include "cli/array.h"
#include "kern/object/holdings.h"

struct walk {
	int (*fn)(const struct holder *h, void *data);
	void *data;
	struct holder now;
	struct held_obj *objs;
	struct perf_probe *probes;
	uint32_t *probe_fds;
	size_t max_objs, max_probes;
	char cgroup[4096];
	char name[PERF_NAME_MAX];
};

static void forget(struct walk *w)
{
	for (size_t i = 0; i < w->now.n_probes; i++)
		free((char *)w->probes[i].name);
	w->now = (struct holder){};
}

static int by_kind_and_id(const void *a, const void *b)
{
	const struct held_obj *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind->type < y->kind->type ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int hand_over(struct walk *w)
{
	size_t kept = 0;
	int err = 0;

	if (w->now.n_objs)
		qsort(w->objs, w->now.n_objs, sizeof(*w->objs), by_kind_and_id);
	for (size_t i = 0; i < w->now.n_objs; i++)
		if (!kept || by_kind_and_id(&w->objs[kept - 1], &w->objs[i]))
			w->objs[kept++] = w->objs[i];
	w->now.n_objs = kept;
	w->now.objs = w->objs;
	w->now.probes = w->probes;
	w->now.probe_fds = w->probe_fds;
	if (kept || w->now.n_probes || w->now.n_events)
		err = w->fn(&w->now, w->data);
	forget(w);
	return err;
}

/* --- the process --- */

/* 64 hex digits surrounded by other text: the form of cgroup names of container engines. */
static void find_container(const char *text, char ret[static CONTAINER_ID_LEN + 1])
{
	size_t len;

	for (const char *c = text; *c; c += len ? len : 1) {
		len = strspn(c, "0123456789abcdef");
		if (len != CONTAINER_ID_LEN)
			continue;
		memcpy(ret, c, len);
		ret[len] = '\0';
		return;
	}
}

/*
 * "0::/user.slice" is version 2; "4:memory:/a" version 1. Version 2 is used unless the process is
 * in its root.
 */
static const char *find_cgroup(char *text)
{
	const char *found = "", *path;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		bool v2 = has_prefix(line, "0::");

		path = strchr(line, ':');
		path = path ? strchr(path + 1, ':') : NULL;
		if (!path)
			continue;
		path++;
		if (v2 && !streq(path, "/"))
			return path;
		if (!found[0] || streq(found, "/"))
			found = path;
	}
	return found;
}

static void meet(struct walk *w, const struct proc_file *f)
{
	struct holder *h = &w->now;
	ssize_t n;

	h->pid = f->pid;
	proc_comm(f, h->comm);
	n = proc_text(f, "cgroup", w->cgroup, sizeof(w->cgroup));
	if (n < 0)
		w->cgroup[0] = '\0';
	find_container(w->cgroup, h->container);
	h->cgroup = find_cgroup(w->cgroup);
}

/* --- what it holds --- */

static int add_obj(struct walk *w, const struct obj_kind *kind, uint32_t id)
{
	struct held_obj *grown = array_room(w->objs, w->now.n_objs, &w->max_objs, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	w->objs = grown;
	w->objs[w->now.n_objs++] = (struct held_obj){ kind, id };
	return 0;
}

static int grow_probes(struct walk *w)
{
	size_t max = w->max_probes ? w->max_probes * 2 : 16;
	struct perf_probe *probes = reallocarray(w->probes, max, sizeof(*probes));
	uint32_t *fds;

	if (!probes)
		return -ENOMEM;
	w->probes = probes;
	fds = reallocarray(w->probe_fds, max, sizeof(*fds));
	if (!fds)
		return -ENOMEM;
	w->probe_fds = fds;
	w->max_probes = max;
	return 0;
}

static int add_event(struct walk *w, const struct proc_file *f)
{
	struct perf_probe p;

	if (perf_query(f, w->name, &p)) {
		w->now.n_events++;
		return 0;
	}
	if (w->now.n_probes == w->max_probes && grow_probes(w))
		return -ENOMEM;
	p.name = strdup(p.name);
	if (!p.name)
		return -ENOMEM;
	w->probe_fds[w->now.n_probes] = f->fd;
	w->probes[w->now.n_probes++] = p;
	return 0;
}

static int visit(const struct proc_file *f, void *data)
{
	const struct obj_kind *kind;
	struct walk *w = data;
	uint32_t id;
	int err = 0;

	if (!has_prefix(f->target, "anon_inode:"))
		return 0;
	if (w->now.pid != f->pid) {
		err = w->now.pid ? hand_over(w) : 0;
		if (err)
			return err;
		meet(w, f);
	}
	if (perf_is_event(f))
		return add_event(w, f);
	kind = obj_kind_by_link(f->target);
	err = kind ? proc_fdinfo(f, kind->fdinfo_key, &id) : -ENOENT;
	if (err)
		return err == -ENOENT ? 0 : err;
	return add_obj(w, kind, id);
}

int holders_each(uint32_t pid, int (*fn)(const struct holder *h, void *data), void *data,
		 size_t *ret_hidden)
{
	auto_free struct walk *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->fn = fn;
	w->data = data;
	*ret_hidden = 0;
	err = pid ? proc_each_file(pid, visit, w) : procs_each_file(visit, w, ret_hidden);
	if (!err && w->now.pid)
		err = hand_over(w);
	forget(w);
	free(w->objs);
	free(w->probes);
	free(w->probe_fds);
	return err;
}
