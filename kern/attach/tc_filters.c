// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Most devices have only a qdisc without filters; the kernel is queried for the others, including
 * classes, once each.
 */
#include <errno.h>
#include <linux/pkt_sched.h>

#include "kern/attach/tc_filters.h"

/* Qdiscs whose classes, if any, have no filters. */
static const struct {
	const char *kind;
	bool filters;			/* it has filters itself */
} simple[] = {
	{ "noqueue", false },
	{ "pfifo", false },
	{ "bfifo", false },
	{ "pfifo_fast", false },
	{ "pfifo_head_drop", false },
	{ "fq", false },
	{ "codel", false },
	{ "pie", false },
	{ "netem", false },
	{ "tbf", false },
	{ "mq", false },
	{ "mqprio", false },
	{ "fq_codel", true },
	{ "fq_pie", true },
	{ "cake", true },
	{ "sfq", true },
	{ "clsact", true },
	{ "ingress", true },
};

struct visit {
	struct nl *nl;
	uint32_t ifindex;
	struct tc_place at;
	int (*fn)(const struct nl_tc *tc, const struct tc_place *at, void *data);
	void *data;
};

static int visit_filter(const struct nl_tc *tc, void *data)
{
	const struct visit *v = data;

	return streq(tc->kind, "bpf") && tc->prog_id ? v->fn(tc, &v->at, v->data) : 0;
}

/* Errors for qdiscs that have no filters; a removed one has none either. */
static int visit_place(struct visit *v, const char *kind, uint32_t parent)
{
	int err;

	v->at = (struct tc_place){ kind, parent };
	err = nl_each_tc(v->nl, NL_FILTERS, v->ifindex, parent, visit_filter, v);
	return err == -EINVAL || err == -ENOENT || err == -EOPNOTSUPP || err == -ENODEV ? 0 : err;
}

static int visit_classes(struct visit *v)
{
	auto_free struct nl_qdisc *classes = NULL;
	size_t n = 0;
	int err = nl_read_qdiscs(v->nl, NL_CLASSES, v->ifindex, &classes, &n);

	for (size_t i = 0; !err && i < n; i++)
		err = visit_place(v, classes[i].kind, classes[i].handle);
	return err == -ENODEV ? 0 : err;
}

/*
 * Without a handle only the root can be queried: as 0, which also would match other qdiscs without
 * a handle.
 */
static int visit_qdisc(struct visit *v, const struct nl_qdisc *q)
{
	int err;

	if (!q->handle && q->parent != TC_H_ROOT)
		return 0;
	if (!streq(q->kind, "clsact"))
		return visit_place(v, q->kind, q->handle);
	err = visit_place(v, "clsact/ingress", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS));
	return err ? err : visit_place(v, "clsact/egress", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS));
}

/* Unknown kinds may have filters and classes. */
static void look_up(const char *kind, bool *ret_filters, bool *ret_classes)
{
	*ret_filters = *ret_classes = true;
	for (size_t i = 0; i < ARRAY_SIZE(simple); i++) {
		if (!streq(kind, simple[i].kind))
			continue;
		*ret_filters = simple[i].filters;
		*ret_classes = false;
	}
}

int tc_each_filter(struct nl *nl, uint32_t ifindex, const struct nl_qdisc *qdiscs, size_t n,
		   int (*fn)(const struct nl_tc *tc, const struct tc_place *at, void *data),
		   void *data)
{
	struct visit v = { .nl = nl, .ifindex = ifindex, .fn = fn, .data = data };
	bool filters, classes, any = false;
	int err = 0;

	for (size_t i = 0; i < n; i++) {
		look_up(qdiscs[i].kind, &filters, &classes);
		any |= qdiscs[i].ifindex == ifindex && classes;
	}
	if (any)
		err = visit_classes(&v);
	for (size_t i = 0; !err && i < n; i++) {
		look_up(qdiscs[i].kind, &filters, &classes);
		if (qdiscs[i].ifindex == ifindex && filters)
			err = visit_qdisc(&v, &qdiscs[i]);
	}
	return err;
}
