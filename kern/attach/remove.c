// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Removes one attachment. If the kernel does not compare the program itself (cgroups without
 * "multi", tc filters, map entries), it is queried immediately before.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>

#include "kern/abi.h"
#include "kern/attach/attach.h"
#include "kern/attach/attachments_int.h"

struct removal {
	const struct attachment *a;
	int prog_fd;
};

static int remove_link(const struct attachment *a)
{
	auto_close int fd = obj_link.open_id(a->link_id, 0);
	struct abi_link_info info = {};
	int err = fd < 0 ? fd : obj_info(fd, &info, sizeof(info));

	if (err)
		return err;
	if (info.prog_id != a->prog_id || info.type != a->link_type)
		return -ESTALE;
	return bpf_link_detach(fd);
}

static int remove_xdp(void *data)
{
	static const uint32_t flags[] = { [NL_XDP_GENERIC] = XDP_FLAGS_SKB_MODE,
					  [NL_XDP_DRIVER] = XDP_FLAGS_DRV_MODE,
					  [NL_XDP_OFFLOAD] = XDP_FLAGS_HW_MODE };
	const struct removal *r = data;
	auto_nl struct nl nl = {};
	int err = nl_open(&nl);

	if (err)
		return err;
	err = nl_set_xdp(&nl, r->a->ifindex, -1, flags[r->a->xdp_mode] | XDP_FLAGS_REPLACE,
			 r->prog_fd);
	return err == -EEXIST ? -ESTALE : err;	/* "Active program does not match expected" */
}

/* The filter from the dump at this place, if it has the program. */
struct filter_search {
	const struct attachment *a;
	struct nl_tc found;
};

static int match_filter(const struct nl_tc *tc, void *data)
{
	struct filter_search *s = data;
	const struct attachment *a = s->a;

	if (!streq(tc->kind, "bpf") || tc->prog_id != a->prog_id || tc->handle != a->tc.handle ||
	    tc->info != a->tc.info || tc->chain != a->tc.chain)
		return 0;
	s->found = *tc;
	return 1;
}

static int remove_filter(void *data)
{
	const struct removal *r = data;
	auto_free struct filter_search *s = calloc(1, sizeof(*s));
	auto_nl struct nl nl = {};
	int err = s ? nl_open(&nl) : -ENOMEM;

	if (err)
		return err;
	s->a = r->a;
	err = nl_each_tc(&nl, NL_FILTERS, r->a->ifindex, r->a->tc.parent, match_filter, s);
	if (!err && r->a->tc.block)		/* removed with that of the other devices */
		return 0;
	if (err <= 0)
		return err ? err : -ESTALE;
	return nl_del_filter(&nl, &s->found);
}

static int match_action(const struct nl_act *act, void *data)
{
	const struct attachment *a = data;

	return act->index == a->action && act->prog_id == a->prog_id;
}

static int remove_action(void *data)
{
	const struct removal *r = data;
	struct attachment same = *r->a;
	auto_nl struct nl nl = {};
	int err = nl_open(&nl);

	if (!err)
		err = nl_each_action(&nl, match_action, &same);
	if (err <= 0)
		return err ? err : -ESTALE;
	err = nl_del_action(&nl, r->a->action);
	return err == -EPERM ? -EBUSY : err;	/* a filter uses it */
}

/*
 * Device hooks and the flow dissector: the kernel detaches only the program that is passed to it.
 */
static int remove_hook(void *data)
{
	const struct removal *r = data;
	const struct abi_prog_attach attr = {
		.target = r->a->ifindex, .prog_fd = (uint32_t)r->prog_fd,
		.attach_type = r->a->attach_type,
	};

	return hook_detach(&attr);
}

static int remove_from_map(const struct attachment *a, int prog_fd)
{
	auto_close int map = obj_map.open_id(a->map_id, 0);
	struct abi_prog_attach attr = { .prog_fd = (uint32_t)prog_fd,
					.attach_type = a->attach_type };

	if (map < 0)
		return map;
	attr.target = (uint32_t)map;
	return hook_detach(&attr);
}

static int remove_from_cgroup(const struct attachment *a, int prog_fd)
{
	auto_close int fd = a->name ? open(a->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct abi_prog_attach attr = { .prog_fd = (uint32_t)prog_fd,
					.attach_type = a->attach_type };
	auto_hook struct hook_progs h = {};
	bool there = false;
	int err;

	if (fd < 0)
		return -ENOENT;
	err = hook_query((uint32_t)fd, a->attach_type, 0, &h);
	for (uint32_t i = 0; !err && i < h.n; i++)
		there |= h.prog_ids[i] == a->prog_id;
	if (err || !there)
		return err ? err : -ESTALE;
	attr.target = (uint32_t)fd;
	return hook_detach(&attr);
}

static int remove_entry(const struct attachment *a)
{
	auto_close int map = obj_map.open_id(a->map_id, 0);
	uint32_t id = 0;
	int err;

	if (map < 0)
		return map;
	if (a->entry.len > sizeof(a->entry.key))
		return -EOPNOTSUPP;
	err = bpf_map_lookup_elem(map, a->entry.key, &id);
	if (err)
		return err;
	return id == a->prog_id ? bpf_map_delete_elem(map, a->entry.key) : -ESTALE;
}

int attachment_remove(const struct attachments *set, const struct attachment *a, int prog_fd)
{
	struct removal r = { .a = a, .prog_fd = prog_fd };

	if (a->kind == ATT_STRUCT_OPS)		/* other programs are members, too */
		return -EOPNOTSUPP;
	if (a->link_id)
		return remove_link(a);
	switch (a->kind) {
	case ATT_XDP:
		return attach_in_netns(set, a->netns_ino, remove_xdp, &r);
	case ATT_TCX:
	case ATT_NETKIT:
	case ATT_NETNS:
		return attach_in_netns(set, a->netns_ino, remove_hook, &r);
	case ATT_TC:
		return attach_in_netns(set, a->netns_ino, remove_filter, &r);
	case ATT_TC_ACTION:
		return attach_in_netns(set, a->netns_ino, remove_action, &r);
	case ATT_CGROUP:
		return remove_from_cgroup(a, prog_fd);
	case ATT_SOCKMAP:
		return remove_from_map(a, prog_fd);
	case ATT_PROG_ARRAY:
		return remove_entry(a);
	default:
		return -EOPNOTSUPP;
	}
}
