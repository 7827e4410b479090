// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Runs in the kernel for every link: writes what BPF_OBJ_GET_INFO_BY_FD returns for the types that
 * may have thousands of links, and for others only that they exist. In addition it reports which
 * network namespace a link's device is in.
 *
 * A link drops its pointer to a device or a cgroup before that is freed, and freeing waits for the
 * RCU read section that we run in: objects that a link points to exist as long as we access them.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "links.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Location of the attach type before it moved into struct bpf_link in 6.17. */
struct bpf_cgroup_link___before {
	enum bpf_attach_type type;
} __attribute__((preserve_access_index));

struct tcx_link___before {
	__u32 location;
} __attribute__((preserve_access_index));

struct netkit_link___before {
	__u32 location;
} __attribute__((preserve_access_index));

/* The containing structure of a link; link may be at any offset in it. */
#define OUTER(type, link_)                                                                         \
	((struct type *)((void *)(link_)-bpf_core_field_offset(struct type, link)))

/* Read twice: a name may be changed while others read it. */
static __always_inline void read_name(const struct net_device *dev, struct links_record *r)
{
	union {
		char text[16];
		__u64 half[2];
	} a = {}, b = {};

	bpf_probe_read_kernel_str(a.text, sizeof(a.text), dev->name);
	bpf_probe_read_kernel_str(b.text, sizeof(b.text), dev->name);
	if (a.half[0] == b.half[0] && a.half[1] == b.half[1])
		__builtin_memcpy(r->dev, a.text, sizeof(r->dev));
}

static __always_inline void read_dev(struct net_device *dev, struct links_record *r)
{
	r->is_whole = 1;
	if (!dev)
		return;
	r->ifindex = BPF_CORE_READ(dev, ifindex);
	if (bpf_core_field_exists(struct net_device, nd_net.net))
		r->is_ours = BPF_CORE_READ(dev, nd_net.net) ==
			     BPF_CORE_READ(bpf_get_current_task_btf(), nsproxy, net_ns);
	else
		r->is_ours = 1;		/* a kernel without namespaces */
	read_name(dev, r);
}

static __always_inline void read_xdp(struct bpf_link *link, struct links_record *r)
{
	if (bpf_core_field_exists(struct bpf_xdp_link, dev))
		read_dev(BPF_CORE_READ(OUTER(bpf_xdp_link, link), dev), r);
}

/*
 * tcx and netkit: structures with the same members, whose types exist only in kernels that support
 * them.
 */
#define READ_HOOK(type, link_, r)                                                                  \
	do {                                                                                       \
		struct type *hook = OUTER(type, link_);                                            \
                                                                                                   \
		if (!bpf_core_field_exists(struct type, dev))                                      \
			break;                                                                     \
		if (bpf_core_field_exists(struct bpf_link, attach_type))                           \
			(r)->attach_type = BPF_CORE_READ(link_, attach_type);                      \
		else if (bpf_core_field_exists(struct type##___before, location))                  \
			(r)->attach_type =                                                         \
				BPF_CORE_READ((struct type##___before *)hook, location);           \
		else                                                                               \
			break;                                                                     \
		read_dev(BPF_CORE_READ(hook, dev), r);                                             \
	} while (0)

static __always_inline void read_cgroup(struct bpf_link *link, struct links_record *r)
{
	struct bpf_cgroup_link *cg = OUTER(bpf_cgroup_link, link);
	struct cgroup *cgroup;

	if (!bpf_core_field_exists(struct bpf_cgroup_link, cgroup))
		return;
	if (bpf_core_field_exists(struct bpf_link, attach_type))
		r->attach_type = BPF_CORE_READ(link, attach_type);
	else if (bpf_core_field_exists(struct bpf_cgroup_link___before, type))
		r->attach_type = BPF_CORE_READ((struct bpf_cgroup_link___before *)cg, type);
	else
		return;
	cgroup = BPF_CORE_READ(cg, cgroup);
	r->cgroup_id = cgroup ? BPF_CORE_READ(cgroup, kn, id) : 0;
	r->is_whole = 1;
}

SEC("iter/bpf_link")
int links(struct bpf_iter__bpf_link *ctx)
{
	struct bpf_link *link = ctx->link;
	struct links_record r = {};
	struct bpf_prog *prog;

	if (!link || !link->id)	/* a link still being created has no id */
		return 0;
	r.id = link->id;
	r.type = link->type;
	prog = link->prog;
	r.prog_id = prog ? BPF_CORE_READ(prog, aux, id) : 0;
	if (r.type == BPF_LINK_TYPE_XDP)
		read_xdp(link, &r);
	else if (r.type == BPF_LINK_TYPE_CGROUP)
		read_cgroup(link, &r);
	else if (r.type == BPF_LINK_TYPE_TCX)
		READ_HOOK(tcx_link, link, &r);
	else if (r.type == BPF_LINK_TYPE_NETKIT)
		READ_HOOK(netkit_link, link, &r);
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	return 0;
}
