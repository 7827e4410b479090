// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Devices in words: found by name, their XDP modes, and why one could not be attached to. */
#include <errno.h>

#include "cli/nearest.h"
#include "json_writer.h"
#include "net/net.h"

const char *net_xdp_mode(int mode)
{
	static const char *const words[] = { [NL_XDP_GENERIC] = "generic",
					     [NL_XDP_DRIVER] = "driver",
					     [NL_XDP_OFFLOAD] = "offload" };

	return words[mode];
}

static void hint_device(struct ctx *ctx, const char *name, const struct netns_ref *netns)
{
	struct if_nameindex *all = if_nameindex();
	struct nearest near = { .word = name };
	char there[NETNS_TEXT_MAX];

	for (size_t i = 0; all && all[i].if_name; i++)
		nearest_try(&near, all[i].if_name);
	if (near.best)
		err_hint(ctx->err, "did you mean '%s'?", near.best);
	err_hint_more(ctx->err, "devices of this network namespace: %sip -br link",
		      netns_prefix(netns, there));
	if_freenameindex(all);
}

int net_find_dev(struct ctx *ctx, const char *name, const struct netns_ref *netns,
		 uint32_t *ret_ifindex)
{
	*ret_ifindex = if_nametoindex(name);
	if (*ret_ifindex)
		return 0;
	fail_msg(ctx->err, -ENODEV, "no network device '%s'", name);
	hint_device(ctx, name, netns);
	return -ENODEV;
}

int net_fail(struct net_job *job, const struct nl_dev *dev, int err)
{
	const char *said = job->nl.ext_ack;
	bool attaching = job->prog_fd >= 0;
	char ns[NETNS_TEXT_MAX];

	/* The kernel's own words say more than its number. */
	(*said ? fail_msg : fail)(job->ctx->err, err, "%s %s program %s %s%s%s",
				  attaching ? "attach" : "detach", job->type->word,
				  attaching ? "to" : "from", dev->name, *said ? ": " : "", said);
	if (job->nl.lost)
		err_hint(job->ctx->err,
			 "the kernel's answer was lost: the program may be %s; see "
			 "'%s net show dev %s%s'",
			 attaching ? "attached" : "detached", job->ctx->progname, dev->name,
			 netns_words(&job->args->netns, ns));
	err_hint_denied(job->ctx->err, "cap_net_admin");
	return err;
}
