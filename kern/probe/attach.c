// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Attach types: the kernel's enum, the links they are for, and a program that attaches so. */
#include <linux/bpf.h>

#include "kern/abi.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"
#include "kern/probe/probe.h"

/* Links whose only purpose is an attach type. */
static uint32_t link_of_attach(uint32_t attach)
{
	switch (attach) {
	case BPF_TRACE_KPROBE_MULTI:
	case ABI_ATTACH_TRACE_KPROBE_SESSION:
		return ABI_LINK_TYPE_KPROBE_MULTI;
	case ABI_ATTACH_TRACE_UPROBE_MULTI:
	case ABI_ATTACH_TRACE_UPROBE_SESSION:
		return ABI_LINK_TYPE_UPROBE_MULTI;
	case ABI_ATTACH_TCX_INGRESS:
	case ABI_ATTACH_TCX_EGRESS:
		return ABI_LINK_TYPE_TCX;
	case ABI_ATTACH_NETKIT_PRIMARY:
	case ABI_ATTACH_NETKIT_PEER:
		return ABI_LINK_TYPE_NETKIT;
	default:
		return 0;
	}
}

/*
 * The kernel's enum contains it, its link is built in, and a program type that uses it is
 * available.
 */
enum probe_state probe_attach(const struct probe *p, uint32_t attach)
{
	enum probe_state s = probe_enum(p, "bpf_attach_type", attach);
	uint32_t link = link_of_attach(attach), type = attach_prog_type(attach);

	if (s == PROBE_THERE && link)
		s = probe_link(p, link);
	if (s != PROBE_THERE || !type)
		return s;
	return prog_type(type)->hook == HOOK_TRACING ? probe_tracing(p, attach)
						     : probe_prog(p, type);
}
