// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Programs as classic tc filters (kind bpf, direct action) in a device's clsact qdisc, for kernels
 * older than tcx and users who prefer them.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_sched.h>

#include "cli/array.h"
#include "cli/nearest.h"
#include "json_writer.h"
#include "kern/object/obj.h"
#include "kern/object/undo.h"
#include "net/net.h"

#define FILTERS_MAX 65536 /* of one program: more from the kernel is implausible */
#define CLSACT_HANDLE TC_H_MAKE(TC_H_CLSACT, 0)

/* For the report: room for one more, allocated before anything is changed. */
static int make_room(struct net_job *job, const struct nl_dev *dev)
{
	struct net_done *d = &job->done;
	struct net_filter *all = array_room(d->filters, d->n, &d->max, sizeof(*all));

	if (!all)
		return net_fail(job, dev, -ENOMEM);
	d->filters = all;
	return 0;
}

static void note_done(struct net_done *d, const struct nl_tc *tc)
{
	d->filters[d->n++] = (struct net_filter){ nl_tc_prio(tc), tc->handle };
}

/* Filters of one direction: how many of any kind, and the first that the command applies to. */
struct seen {
	uint32_t want_id;		/* 0: every bpf filter */
	unsigned int n, n_ours;
	struct nl_tc first;
	char prios[128];		/* of matching filters */
};

static int see_filter(const struct nl_tc *tc, void *data)
{
	struct seen *s = data;

	if (!tc->handle)		/* the priority itself, not a filter */
		return 0;
	s->n++;
	if (!tc->prog_id || (s->want_id && tc->prog_id != s->want_id))
		return 0;
	if (!s->n_ours++)
		s->first = *tc;
	add_word(s->prios, sizeof(s->prios), "id %u (prio %u)", tc->prog_id, nl_tc_prio(tc));
	return 0;
}

static int keep_ingress(const struct nl_tc *tc, void *data)
{
	if (tc->handle == CLSACT_HANDLE)
		memcpy(data, tc->kind, sizeof(tc->kind));
	return 0;
}

/* The kind of the qdisc in the place of clsact: "" if there is none. */
static int read_kind(struct net_job *job, const struct nl_dev *dev, char kind[static NL_KIND_MAX])
{
	kind[0] = '\0';
	return nl_each_tc(&job->nl, NL_QDISCS, dev->ifindex, 0, keep_ingress, kind);
}

static bool is_egress(uint32_t parent)
{
	return TC_H_MIN(parent) == TC_H_MIN_EGRESS;
}

/* An ingress qdisc has no egress, and lists its ingress filters instead. */
static int see_filters(struct net_job *job, const struct nl_dev *dev, uint32_t parent,
		       struct seen *s)
{
	char kind[NL_KIND_MAX];
	int err = 0;

	*s = (struct seen){ .want_id = job->expect_id };
	if (is_egress(parent)) {
		err = read_kind(job, dev, kind);
		if (err || !streq(kind, "clsact"))
			return err;
	}
	err = nl_each_tc(&job->nl, NL_FILTERS, dev->ifindex, parent, see_filter, s);
	/* The kernel's different errors for a missing qdisc. */
	return err == -EINVAL || err == -ENOENT || err == -EOPNOTSUPP ? 0 : err;
}

static int fail_filter(struct net_job *job, const struct nl_dev *dev, int err)
{
	char there[NETNS_TEXT_MAX];

	net_fail(job, dev, err);
	if (err == -EEXIST || err == -ENOSPC)
		err_hint(job->ctx->err, "priority %u is taken; see '%stc filter show dev %s %s'",
			 job->args->prio, netns_prefix(&job->args->netns, there), dev->name,
			 is_egress(job->type->number) ? "egress" : "ingress");
	else if (err == -ENOENT || (err == -EOPNOTSUPP && !job->nl.ext_ack[0]))
		err_hint(job->ctx->err, "the kernel needs CONFIG_NET_CLS_BPF (module cls_bpf) and "
			 "CONFIG_NET_SCH_INGRESS (module sch_ingress)");
	return err;
}

/*
 * The answer of the kernel was lost, with err: is the qdisc there now? There was none before, so it
 * counts as ours, and goes again if it is left without a filter.
 */
static int look_again(struct net_job *job, const struct nl_dev *dev, int err)
{
	char kind[NL_KIND_MAX];
	int ask_err = read_kind(job, dev, kind);

	if (ask_err)
		err_log(job->ctx->err, "the qdisc clsact may have been created");
	return !ask_err && streq(kind, "clsact") ? 0 : err;
}

/* A filter for the egress of an ingress qdisc would be added to its ingress, without an error. */
static int want_qdisc(struct net_job *job, const struct nl_dev *dev)
{
	char kind[NL_KIND_MAX], there[NETNS_TEXT_MAX];
	int err = read_kind(job, dev, kind);

	if (err)
		return net_fail(job, dev, err);
	if (streq(kind, "clsact") || (streq(kind, "ingress") && !is_egress(job->type->number)))
		return 0;
	if (kind[0]) {
		fail_msg(job->ctx->err, -EEXIST, "%s has the qdisc %s, which has no egress hook",
			 dev->name, kind);
		err_hint(job->ctx->err,
			 "to replace it with clsact, remove it and all its filters: "
			 "%stc qdisc del dev %s ingress",
			 netns_prefix(&job->args->netns, there), dev->name);
		return -EEXIST;
	}
	err = nl_add_clsact(&job->nl, dev->ifindex);
	if (job->nl.lost)
		err = look_again(job, dev, err);
	if (err && err != -EEXIST)		/* another process created it first */
		return fail_filter(job, dev, err);
	job->done.qdisc = !err;
	return 0;
}

static int find_expected(struct net_job *job, const struct nl_dev *dev, struct nl_tc *ret)
{
	auto_free struct seen *s = malloc(sizeof(*s));
	int err = s ? see_filters(job, dev, job->type->number, s) : -ENOMEM;

	if (err)
		return net_fail(job, dev, err);
	if (!s->n_ours)
		return fail_msg(job->ctx->err, -ENOENT, "program %u is not at %s of %s",
				job->expect_id, job->type->kind, dev->name);
	*ret = s->first;
	return 0;
}

/* Does the clsact qdisc have any filter? */
static int has_filters(struct net_job *job, const struct nl_dev *dev, struct seen *s, bool *ret)
{
	static const uint32_t parents[] = { TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
					    TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS) };
	int err = 0;

	*ret = false;
	for (size_t i = 0; !err && !*ret && i < ARRAY_SIZE(parents); i++) {
		err = see_filters(job, dev, parents[i], s);
		*ret = !err && s->n;
	}
	return err;
}

/*
 * The qdisc was created for a filter that could not be created: remove it, unless it is in use by
 * now.
 */
static void undo_qdisc(struct net_job *job, const struct nl_dev *dev, struct seen *s)
{
	bool used;
	int err = has_filters(job, dev, s, &used);

	if (!err && !used)
		err = nl_del_clsact(&job->nl, dev->ifindex);
	if (err)
		err_log(job->ctx->err,
			"the qdisc clsact, which was created for it, is still there");
}

static int set_filter(struct net_job *job, const struct nl_dev *dev, struct nl_tc *tc)
{
	struct bpf_prog_info info = {};
	int err;

	tc->ifindex = dev->ifindex;
	tc->parent = job->type->number;
	if (!tc->handle)
		tc->info = job->args->prio << 16;
	tc->name[0] = '\0';
	err = obj_info(job->prog_fd, &info, sizeof(info));
	if (err)
		return net_fail(job, dev, err);
	obj_prog_name(job->prog_fd, &info, tc->name);
	err = nl_set_filter(&job->nl, tc, job->prog_fd);
	if (err)
		return fail_filter(job, dev, err);
	note_done(&job->done, tc);
	return 0;
}

/* Signals are blocked meanwhile: no qdisc is left without its filter. */
static int attach_tc(struct net_job *job, const struct nl_dev *dev)
{
	auto_free struct nl_tc *tc = calloc(1, sizeof(*tc));
	auto_free struct seen *s = malloc(sizeof(*s));
	auto_undo struct undo hold = {};
	int err = tc && s ? make_room(job, dev) : net_fail(job, dev, -ENOMEM);

	if (err)
		return err;
	undo_hold(&hold);
	err = job->expect_fd >= 0 ? find_expected(job, dev, tc) : want_qdisc(job, dev);
	if (err)
		return err;
	err = set_filter(job, dev, tc);
	if (err && job->done.qdisc)
		undo_qdisc(job, dev, s);
	return err;
}

static int has_tc(struct net_job *job, const struct nl_dev *dev)
{
	auto_free struct seen *s = malloc(sizeof(*s));
	int err = s ? see_filters(job, dev, job->type->number, s) : -ENOMEM;

	return err ? net_fail(job, dev, err) : s->n_ours > 0;
}

/* "qdisc": also remove clsact, if nothing else uses it. */
static int drop_qdisc(struct net_job *job, const struct nl_dev *dev, struct seen *s)
{
	char kind[NL_KIND_MAX] = "";
	bool used = false;
	int err = read_kind(job, dev, kind);

	if (!err && !streq(kind, "clsact"))
		return 0;
	if (!err)
		err = has_filters(job, dev, s, &used);
	if (!err && used) {
		notice(job->ctx, "the qdisc of %s stays: it has other filters", dev->name);
		return 0;
	}
	if (!err)
		err = nl_del_clsact(&job->nl, dev->ifindex);
	job->done.qdisc = !err;
	return err ? net_fail(job, dev, err) : 0;
}

static int fail_none(struct net_job *job, const struct nl_dev *dev)
{
	struct ctx *ctx = job->ctx;
	char ns[NETNS_TEXT_MAX];

	if (job->expect_id)
		fail_msg(ctx->err, -ENOENT, "program %u is not at %s of %s", job->expect_id,
			 job->type->kind, dev->name);
	else
		fail_msg(ctx->err, -ENOENT, "%s has no program at %s", dev->name, job->type->kind);
	err_hint(ctx->err, "see '%s net show dev %s%s'", ctx->progname, dev->name,
		 netns_words(&job->args->netns, ns));
	return -ENOENT;
}

/* The kernel would also remove it from the other devices that share the block. */
static int fail_shared(struct net_job *job, const struct nl_dev *dev, uint32_t block)
{
	char there[NETNS_TEXT_MAX];

	fail_msg(job->ctx->err, -EOPNOTSUPP,
		 "the filters at %s of %s are shared with other devices, in block %u",
		 job->type->kind, dev->name, block);
	err_hint(job->ctx->err,
		 "see '%stc filter show block %u'; 'tc filter del block %u ...' "
		 "removes one from all",
		 netns_prefix(&job->args->netns, there), block, block);
	return -EOPNOTSUPP;
}

/* Removes the first filter found, if the choice is unambiguous. */
static int drop_filter(struct net_job *job, const struct nl_dev *dev, const struct seen *s)
{
	int err;

	if (!s->n_ours)
		return fail_none(job, dev);
	if (!job->expect_id && s->n_ours > 1) {
		fail_msg(job->ctx->err, -ENOTUNIQ, "%s has several programs at %s: %s", dev->name,
			 job->type->kind, s->prios);
		err_hint(job->ctx->err, "name the one to detach");
		return -ENOTUNIQ;
	}
	if (nl_tc_block(&s->first))
		return fail_shared(job, dev, nl_tc_block(&s->first));
	err = make_room(job, dev);
	if (err)
		return err;
	err = nl_del_filter(&job->nl, &s->first);
	if (err)
		return net_fail(job, dev, err);
	note_done(&job->done, &s->first);
	return 0;
}

/* What was removed before the failure stays removed, so the error contains it. */
static int fail_later(struct net_job *job, int err)
{
	char line[64];

	for (size_t i = 0; i < job->done.n; i++) {
		snprintf(line, sizeof(line), "removed before: prio %u handle 0x%x",
			 job->done.filters[i].prio, job->done.filters[i].handle);
		err_log(job->ctx->err, line);
	}
	return err;
}

/* All filters of the given program; without a program the only filter. */
static int detach_tc(struct net_job *job, const struct nl_dev *dev)
{
	auto_free struct seen *s = malloc(sizeof(*s));
	unsigned int left = 1;
	int err = 0;

	if (!s)
		return net_fail(job, dev, -ENOMEM);
	for (unsigned int i = 0; !err && i < FILTERS_MAX && left; i++) {
		err = see_filters(job, dev, job->type->number, s);
		if (err) {
			net_fail(job, dev, err);
			break;
		}
		left = s->n_ours;
		if (left || !i)
			err = drop_filter(job, dev, s);
	}
	if (!err && job->args->qdisc)
		err = drop_qdisc(job, dev, s);
	return err ? fail_later(job, err) : 0;
}

const struct net_way net_tc = { .attach = attach_tc, .detach = detach_tc, .has = has_tc,
				.prog_type = BPF_PROG_TYPE_SCHED_CLS, .words = "prio qdisc" };
