// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Attaches and detaches programs in the tcx and netkit chains of a device, through bpf(2). */
#include <errno.h>

#include <linux/bpf.h>

#include "json_writer.h"
#include "kern/attach/attach.h"
#include "net/net.h"

static bool is_netkit(const struct net_job *job)
{
	return job->type->dev_kind;
}

static uint64_t current_revision(const struct net_job *job, const struct nl_dev *dev)
{
	auto_hook struct hook_progs h = {};

	return hook_query(dev->ifindex, job->type->number, 0, &h) ? 0 : h.revision;
}

/* EINVAL has many causes; whether the kernel supports such hooks at all is easy to check. */
static bool is_unknown(const struct net_job *job, const struct nl_dev *dev)
{
	auto_hook struct hook_progs h = {};

	return hook_query(dev->ifindex, job->type->number, 0, &h) == -EINVAL;
}

static void hint_missing(struct net_job *job, const struct nl_dev *dev)
{
	struct ctx *ctx = job->ctx;
	char ns[NETNS_TEXT_MAX];

	netns_words(&job->args->netns, ns);
	if (job->place_id)
		err_hint(ctx->err, "%s %u is not in the chain; see '%s net show dev %s%s'",
			 job->args->before.is_link || job->args->after.is_link ? "link" : "program",
			 job->place_id, ctx->progname, dev->name, ns);
	else if (job->expect_id)
		err_hint(ctx->err, "program %u is not in the chain; see '%s net show dev %s%s'",
			 job->expect_id, ctx->progname, dev->name, ns);
	else
		err_hint(ctx->err, "nothing is attached; see '%s net show dev %s%s'", ctx->progname,
			 dev->name, ns);
}

static int fail_hook(struct net_job *job, const struct nl_dev *dev, int err)
{
	struct ctx *ctx = job->ctx;
	char ns[NETNS_TEXT_MAX];

	if (err == -EINVAL && is_unknown(job, dev)) {
		net_fail(job, dev, -EOPNOTSUPP);
		err_hint(ctx->err, "this kernel has no %s", is_netkit(job) ?
			 "netkit needs Linux 6.7 with CONFIG_NETKIT" :
			 "tcx needs Linux 6.6");
		return -EOPNOTSUPP;
	}
	net_fail(job, dev, err);
	if (err == -ENOENT)
		hint_missing(job, dev);
	else if (err == -EINVAL && job->place_id)
		err_hint(ctx->err, "%s %u is not attached at %s",
			 job->args->before.is_link || job->args->after.is_link ? "link" : "program",
			 job->place_id, job->type->kind);
	else if (err == -EEXIST)
		err_hint(ctx->err,
			 "this program is already in the chain; see '%s net show dev %s%s'",
			 ctx->progname, dev->name, netns_words(&job->args->netns, ns));
	else if (err == -EBUSY)
		err_hint(ctx->err, "a link holds it: see '%s link show' and '%s link detach'",
			 ctx->progname, ctx->progname);
	else if (err == -ESTALE)
		err_hint(ctx->err, "the chain has changed: its revision is %llu",
			 (unsigned long long)current_revision(job, dev));
	else if (is_netkit(job) && err == -EACCES)
		err_hint(ctx->err, "%s is the peer of its pair: attach to the primary device, as "
				   "netkit_peer", dev->name);
	return err;
}

/* The kernel needs an additional flag that says what the id is: a program or a link. */
static void set_place(const struct net_job *job, struct abi_prog_attach *attr)
{
	const struct net_args *a = job->args;

	if (a->prepend || a->before.ref.how != REF_NONE)
		attr->attach_flags |= ABI_F_BEFORE;
	if (a->after.ref.how != REF_NONE)
		attr->attach_flags |= ABI_F_AFTER;
	if (a->before.is_link || a->after.is_link)
		attr->attach_flags |= ABI_F_LINK;
	if (job->place_id)
		attr->attach_flags |= ABI_F_ID;
	attr->relative = job->place_id;
}

static int attach_hook(struct net_job *job, const struct nl_dev *dev)
{
	struct abi_prog_attach attr = {
		.target = dev->ifindex, .prog_fd = (uint32_t)job->prog_fd,
		.attach_type = job->type->number, .expected_revision = job->args->revision,
	};
	int err;

	set_place(job, &attr);
	if (job->expect_fd >= 0) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_fd = (uint32_t)job->expect_fd;
	}
	err = hook_attach(&attr);
	return err ? fail_hook(job, dev, err) : 0;
}

static int has_hook(struct net_job *job, const struct nl_dev *dev)
{
	auto_hook struct hook_progs h = {};
	int err = hook_query(dev->ifindex, job->type->number, 0, &h);

	if (err)
		return fail_hook(job, dev, err);
	for (uint32_t i = 0; i < h.n; i++) {
		if (!job->expect_id || h.prog_ids[i] == job->expect_id)
			return 1;
	}
	return 0;
}

/* Without a program the kernel detaches the last of the chain. */
static int detach_hook(struct net_job *job, const struct nl_dev *dev)
{
	struct abi_prog_attach attr = {
		.target = dev->ifindex, .attach_type = job->type->number,
		.prog_fd = job->expect_fd >= 0 ? (uint32_t)job->expect_fd : 0,
		.expected_revision = job->args->revision,
	};
	int err = hook_detach(&attr);

	return err ? fail_hook(job, dev, err) : 0;
}

const struct net_way net_hook = { .attach = attach_hook, .detach = detach_hook, .has = has_hook,
				  .prog_type = BPF_PROG_TYPE_SCHED_CLS,
				  .words = "prepend before after revision" };
