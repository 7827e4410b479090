// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Hooks that hold several programs: query, attach, detach directly through bpf(2). */
#include <errno.h>
#include <sys/syscall.h>

#include <linux/bpf.h>

#include "kern/attach/attach.h"

#define QUERY_START 16
#define QUERY_MAX (1U << 20)		/* more programs on one hook are not plausible */

/* The size of struct abi_prog_query before the members of 6.6 (links), and before 6.1 (flags). */
#define QUERY_SIZE_FLAGS offsetof(struct abi_prog_query, link_ids)
#define QUERY_SIZE_IDS offsetof(struct abi_prog_query, prog_attach_flags)

void hook_progs_free(struct hook_progs *h)
{
	free(h->prog_ids);
	free(h->prog_flags);
	free(h->link_ids);
	free(h->link_flags);
	*h = (struct hook_progs){};
}

static int alloc_arrays(struct hook_progs *h, uint32_t n)
{
	hook_progs_free(h);
	h->prog_ids = calloc(n, sizeof(uint32_t));
	h->prog_flags = calloc(n, sizeof(uint32_t));
	h->link_ids = calloc(n, sizeof(uint32_t));
	h->link_flags = calloc(n, sizeof(uint32_t));
	if (h->prog_ids && h->prog_flags && h->link_ids && h->link_flags)
		return 0;
	hook_progs_free(h);
	return -ENOMEM;
}

static bool is_multi_dev(uint32_t attach_type)
{
	return attach_type == ABI_ATTACH_TCX_INGRESS || attach_type == ABI_ATTACH_TCX_EGRESS ||
	       attach_type == ABI_ATTACH_NETKIT_PRIMARY || attach_type == ABI_ATTACH_NETKIT_PEER;
}

/*
 * Cgroups accept prog_attach_flags (not for effective programs) but no links; tcx and netkit accept
 * all of them. Members unknown to an older kernel must be left out, or it returns E2BIG.
 */
static int query_once(struct abi_prog_query *q, const struct hook_progs *h)
{
	size_t size = sizeof(*q);

	q->prog_ids = ptr_to_u64(h->prog_ids);
	if (!(q->query_flags & BPF_F_QUERY_EFFECTIVE))
		q->prog_attach_flags = ptr_to_u64(h->prog_flags);
	if (is_multi_dev(q->attach_type)) {
		q->link_ids = ptr_to_u64(h->link_ids);
		q->link_attach_flags = ptr_to_u64(h->link_flags);
	} else {
		q->prog_attach_flags = q->attach_type == BPF_FLOW_DISSECTOR ||
				       q->attach_type == BPF_SK_LOOKUP ? 0 : q->prog_attach_flags;
	}
	while (syscall(__NR_bpf, BPF_PROG_QUERY, q, size) < 0) {
		if (errno != E2BIG && !(errno == EINVAL && size > QUERY_SIZE_IDS))
			return -errno;
		if (size == QUERY_SIZE_IDS)
			return -errno;
		size = size > QUERY_SIZE_FLAGS ? QUERY_SIZE_FLAGS : QUERY_SIZE_IDS;
		if (size == QUERY_SIZE_IDS)
			q->prog_attach_flags = 0;
	}
	return 0;
}

int hook_query(uint32_t target, uint32_t attach_type, uint32_t query_flags, struct hook_progs *ret)
{
	struct hook_progs h = {};
	uint32_t room = QUERY_START;
	int err;

	for (;;) {
		struct abi_prog_query q = { .target = target, .attach_type = attach_type,
					    .query_flags = query_flags, .count = room };

		err = alloc_arrays(&h, room);
		if (err)
			return err;
		err = query_once(&q, &h);
		if (!err && q.count <= room) {
			h.n = q.count;
			h.attach_flags = q.attach_flags;
			h.revision = q.revision;
			*ret = h;
			return 0;
		}
		hook_progs_free(&h);
		if (err != -ENOSPC && err)
			return err;
		room = q.count > room ? q.count + 8 : room * 2;
		if (room > QUERY_MAX)
			return -E2BIG;
	}
}

bool hook_is_absent(uint32_t attach_type, int err)
{
	/* The peer of a netkit pair is queried through its primary device. */
	if (err == -EACCES)
		return attach_type == ABI_ATTACH_NETKIT_PRIMARY ||
		       attach_type == ABI_ATTACH_NETKIT_PEER;
	return err == -EINVAL || err == -EOPNOTSUPP || err == -ENODEV || err == -ENXIO;
}

int hook_attach(const struct abi_prog_attach *attr)
{
	size_t size = attr->relative || attr->expected_revision
			      ? sizeof(*attr)
			      : offsetof(struct abi_prog_attach, relative);

	return syscall(__NR_bpf, BPF_PROG_ATTACH, attr, size) < 0 ? -errno : 0;
}

int hook_detach(const struct abi_prog_attach *attr)
{
	size_t size = attr->relative || attr->expected_revision
			      ? sizeof(*attr)
			      : offsetof(struct abi_prog_attach, replace_fd);

	return syscall(__NR_bpf, BPF_PROG_DETACH, attr, size) < 0 ? -errno : 0;
}
