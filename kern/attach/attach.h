/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BPF_PROG_QUERY, BPF_PROG_ATTACH and BPF_PROG_DETACH: hooks that hold several programs (cgroups,
 * tcx, netkit, network namespaces, socket maps), with the members that are newer than our headers.
 */
#ifndef KERN_ATTACH_ATTACH_H
#define KERN_ATTACH_ATTACH_H

#include "cli/defs.h"
#include "kern/abi.h"

/* The programs of a hook. All arrays have n entries; 0 if the kernel does not report a value. */
struct hook_progs {
	uint32_t n;
	uint32_t attach_flags;		/* of the hook */
	uint64_t revision;		/* 0: not reported by the kernel */
	uint32_t *prog_ids, *prog_flags, *link_ids, *link_flags;	/* owned */
};

#define auto_hook __attribute__((cleanup(hook_progs_free)))
void hook_progs_free(struct hook_progs *h);

/*
 * Queries all programs of a hook (target: fd or ifindex); query_flags such as
 * BPF_F_QUERY_EFFECTIVE. Returns 0 or a negative errno; reports nothing. Races with attaching are
 * retried.
 */
int hook_query(uint32_t target, uint32_t attach_type, uint32_t query_flags, struct hook_progs *ret);

/*
 * Does this result of hook_query() mean that there is no such hook: not supported by the kernel, a
 * device that was removed or is of another kind? After any other error the programs are not known.
 */
bool hook_is_absent(uint32_t attach_type, int err);

/* Return 0 or a negative errno; report nothing. */
int hook_attach(const struct abi_prog_attach *attr);
int hook_detach(const struct abi_prog_attach *attr);

#endif
