// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Attaches XDP programs to devices and detaches them, through rtnetlink. */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "cli/nearest.h"
#include "json_writer.h"
#include "net/net.h"

static int keep_dev(const struct nl_dev *dev, void *data)
{
	*(struct nl_dev *)data = *dev;
	return 0;
}

/* "driver id 7, generic id 9": the attached programs, for hints. "" if there are none. */
static void describe(const struct nl_dev *dev, char *buf, size_t size)
{
	buf[0] = '\0';
	for (int i = 0; i < NL_XDP_MODES; i++)
		if (dev->xdp_ids[i])
			add_word(buf, size, "%s id %u", net_xdp_mode(i), dev->xdp_ids[i]);
}

/* The same, for the current state. */
static void describe_now(struct nl *nl, uint32_t ifindex, char *buf, size_t size)
{
	struct nl_dev dev = {};

	nl_each_dev(nl, ifindex, keep_dev, &dev);
	describe(&dev, buf, size);
}

static int fail_xdp(struct net_job *job, const struct nl_dev *dev, int err)
{
	bool link = strstr(job->nl.ext_ack, "link");
	struct ctx *ctx = job->ctx;
	char there[128];

	net_fail(job, dev, err);
	if ((err == -EINVAL || err == -EOPNOTSUPP) && job->type->hint)
		err_hint(ctx->err, "%s", job->type->hint);
	if (err == -ERANGE || err == -EMSGSIZE)
		err_hint(ctx->err,
			 "lower the MTU of the device and of its peer, or load a program for "
			 "several buffers: SEC(\"xdp.frags\")");
	if (err != -EBUSY && err != -EEXIST)
		return err;
	describe_now(&job->nl, dev->ifindex, there, sizeof(there));
	if (!*there && job->expect_id)
		err_hint(ctx->err, "nothing is attached");
	if (!*there)
		return err;
	if (link)
		err_hint(ctx->err,
			 "attached: %s, by a link: see '%s link show' and '%s link detach'",
			 there, ctx->progname, ctx->progname);
	else if (job->expect_id)
		err_hint(ctx->err, "attached: %s", there);
	else
		err_hint(ctx->err,
			 "attached: %s; 'overwrite' replaces a program of the same mode, "
			 "'%s net detach' removes it",
			 there, ctx->progname);
	return err;
}

static int attach_xdp(struct net_job *job, const struct nl_dev *dev)
{
	uint32_t flags = job->type->number;
	int err;

	if (job->expect_fd >= 0)
		flags |= XDP_FLAGS_REPLACE;
	else if (!job->args->overwrite)
		flags |= XDP_FLAGS_UPDATE_IF_NOEXIST;
	err = nl_set_xdp(&job->nl, dev->ifindex, job->prog_fd, flags, job->expect_fd);
	return err ? fail_xdp(job, dev, err) : 0;
}

static uint32_t mode_flag(int mode)
{
	static const uint32_t flags[] = { [NL_XDP_GENERIC] = XDP_FLAGS_SKB_MODE,
					  [NL_XDP_DRIVER] = XDP_FLAGS_DRV_MODE,
					  [NL_XDP_OFFLOAD] = XDP_FLAGS_HW_MODE };

	return flags[mode];
}

/* The modes with a program that the command applies to, as flags. */
static uint32_t modes_of(const struct net_job *job, const struct nl_dev *dev)
{
	uint32_t modes = 0;

	for (int i = 0; i < NL_XDP_MODES; i++) {
		uint32_t flag = mode_flag(i);

		if (!dev->xdp_ids[i] || (job->expect_id && dev->xdp_ids[i] != job->expect_id))
			continue;
		if (!job->type->number || job->type->number == flag)
			modes |= flag;
	}
	return modes;
}

static int has_xdp(struct net_job *job, const struct nl_dev *dev)
{
	return modes_of(job, dev) != 0;
}

/* The kernel does not report that there was nothing to do. */
static void notice_nothing(const struct net_job *job, const struct nl_dev *dev)
{
	char there[128];

	describe(dev, there, sizeof(there));
	if (*there)
		notice(job->ctx, "%s has no %s program; attached: %s", dev->name,
		       job->type->word, there);
	else
		notice(job->ctx, "%s has no XDP program: nothing to detach", dev->name);
}

/*
 * Plain "xdp" means the mode that the kernel prefers for the device; without a program in that mode
 * it would do nothing, even if there is one in another. So a single program is detached in whatever
 * mode it is.
 */
static int detach_xdp(struct net_job *job, const struct nl_dev *dev)
{
	uint32_t modes = modes_of(job, dev), flags = job->type->number;
	int err;

	if (!flags && modes && !(modes & (modes - 1)))
		flags = modes;
	if (job->expect_fd >= 0)
		flags |= XDP_FLAGS_REPLACE;
	err = nl_set_xdp(&job->nl, dev->ifindex, -1, flags, job->expect_fd);
	if (err)
		return fail_xdp(job, dev, err);
	if (!modes)
		notice_nothing(job, dev);
	return 0;
}

const struct net_way net_xdp = { .attach = attach_xdp, .detach = detach_xdp, .has = has_xdp,
				 .prog_type = BPF_PROG_TYPE_XDP, .words = "overwrite" };
