// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The kernel detaches a link when its target goes away, and reports 0 as its target from then on.
 * Such a link cannot be attached or updated again (ENOLINK).
 */
#include <errno.h>

#include "kern/abi.h"
#include "kern/object/stale.h"

static const char *stale_link(const struct abi_link_info *info)
{
	static const char no_dev[] = "its device is gone, or it was detached";
	static const char no_cgroup[] = "its cgroup is gone, or it was detached";
	static const char no_netns[] = "its network namespace is gone, or it was detached";

	switch (info->type) {
	case ABI_LINK_TYPE_XDP:
	case ABI_LINK_TYPE_TCX:
	case ABI_LINK_TYPE_NETKIT:
		return info->dev.ifindex ? NULL : no_dev;
	case ABI_LINK_TYPE_CGROUP:
		return info->cgroup.cgroup_id ? NULL : no_cgroup;
	case ABI_LINK_TYPE_NETNS:
		return info->netns.netns_ino ? NULL : no_netns;
	default:
		return NULL;
	}
}

const char *obj_stale(const struct obj_kind *kind, int fd)
{
	struct abi_link_info link = {};
	struct bpf_prog_info prog = {};

	if (kind == &obj_link && !obj_info(fd, &link, sizeof(link)))
		return stale_link(&link);
	if (kind == &obj_prog && obj_info(fd, &prog, sizeof(prog)) == -ENODEV)
		return "the device that it was made for is gone";
	return NULL;
}
