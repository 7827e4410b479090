// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs on perf events that processes keep by an open file. The event of a link is reported as
 * well; if the list has a link of that program to that target, only the link counts.
 */
#include <errno.h>

#include "kern/abi.h"
#include "kern/attach/attachments_int.h"
#include "kern/attach/perf_event.h"

struct found {
	struct attachments *set;
};

static const struct place {
	enum att_kind kind;
	bool at_return;
} places[PERF_PLACES] = {
	[PERF_RAW_TRACEPOINT] = { ATT_RAW_TRACEPOINT, false },
	[PERF_TRACEPOINT] = { ATT_TRACEPOINT, false },
	[PERF_KPROBE] = { ATT_KPROBE, false },
	[PERF_KRETPROBE] = { ATT_KPROBE, true },
	[PERF_UPROBE] = { ATT_UPROBE, false },
	[PERF_URETPROBE] = { ATT_UPROBE, true },
};

static bool has_link(const struct attachments *set, const struct attachment *a)
{
	for (size_t i = 0; i < set->n_links; i++) {
		const struct attachment *l = &set->all[i];

		if (l->prog_id != a->prog_id || (l->kind != a->kind && l->kind != ATT_PERF_EVENT))
			continue;
		/* Before 6.6 a link does not report its target. */
		if (l->kind == ATT_PERF_EVENT || !l->name || !*a->name)
			return true;
		if (streq(l->name, a->name) && l->at_return == a->at_return &&
		    l->offset == a->offset)
			return true;
	}
	return false;
}

static int put_probe(const struct proc_file *f, const struct perf_probe *p, void *data)
{
	struct found *found = data;
	struct attachment a = {
		.prog_id = p->prog_id,
		.kind = ATT_PERF_EVENT,
		.held = ATT_BY_FILE,
		.xdp_mode = -1,
		.attach_type = ATT_NO_TYPE,
		.offset = p->offset,
		.addr = p->addr,
		.pid = f->pid,
		.fd = f->fd,
	};

	/* Raw tracepoints are links, which are all listed already. */
	if (p->place == PERF_RAW_TRACEPOINT)
		return 0;
	if (p->place < PERF_PLACES) {
		a.kind = places[p->place].kind;
		a.at_return = places[p->place].at_return;
	}
	a.name = strdup(p->name);
	if (!a.name)
		return -ENOMEM;
	if (!has_link(found->set, &a))
		return attachments_add(found->set, &a);
	free(a.name);
	return 0;
}

static bool has_counter_link(const struct attachments *set, const struct perf_counter *c)
{
	for (size_t i = 0; i < set->n_links; i++) {
		const struct attachment *l = &set->all[i];

		if (l->kind == ATT_PERF_EVENT && l->prog_id == c->prog_id &&
		    ((l->event.type == c->type && l->event.config == c->config) ||
		     (!l->event.type && !l->event.config)))	/* before 6.6 */
			return true;
	}
	return false;
}

static int put_counter(const struct perf_counter *c, void *data)
{
	struct found *found = data;
	const struct attachment a = {
		.prog_id = c->prog_id, .kind = ATT_PERF_EVENT, .held = ATT_BY_FILE, .xdp_mode = -1,
		.attach_type = ATT_NO_TYPE, .pid = c->pid, .fd = c->fd,
		.event = { .type = c->type, .config = c->config },
	};

	return has_counter_link(found->set, c) ? 0 : attachments_add(found->set, &a);
}

/* Only the iterator finds these. */
static int put_counters(struct ctx *ctx, struct found *found, size_t n_events)
{
	int err = perf_each_counter(put_counter, found);

	if (!err || err == -ENOMEM)
		return err;
	unread(ctx, err, "cap_bpf,cap_perfmon,cap_sys_admin",
	       "read the programs of %zu perf event%s on hardware or "
	       "software counters",
	       n_events, plural(n_events, "", "s"));
	return 0;
}

int attach_from_files(struct ctx *ctx, struct attachments *set)
{
	struct found found = { .set = set };
	struct perf_gaps gaps = {};
	int err = perf_check();

	if (!err)
		err = perf_each(put_probe, &found, &gaps);
	if (err == -ENOENT) {
		fail_msg(ctx->err, err, "query the programs of perf events: /proc is not mounted");
		report_and_skip(ctx);
		err = 0;
	}
	if (!err && gaps.n_events)
		err = put_counters(ctx, &found, gaps.n_events);
	if (!err)
		procs_partly(ctx, gaps.n_procs);
	/* A kernel without this query (before 4.18, or without perf events) has none to list. */
	if (err == -EINVAL || err == -EOPNOTSUPP || err == -ABI_ENOTSUPP)
		err = 0;
	return err ? fail(ctx->err, err, "query the programs of perf events") : 0;
}
