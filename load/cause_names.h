/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Names in this kernel that are near to one that it does not have. Only for load/. */
#ifndef LOAD_CAUSE_NAMES_H
#define LOAD_CAUSE_NAMES_H

#include "cli/ctx.h"

#define CAUSE_NAME_MAX 128

/*
 * "did you mean 'tcp_sendmsg'?", if the kernel's types of these kinds (1 << kind) have a name near
 * to prefix
 * + name; the prefix ("bpf_lsm_") is left out again. Returns false if there is none, and stores
 * nothing.
 */
struct cause_kind {
	uint32_t kinds;
	const char *prefix;
};
bool cause_hint_type(struct ctx *ctx, const struct cause_kind *of, const char *name);
/* The same among a tracepoint's neighbours in tracefs: "sched/sched_switch". */
bool cause_hint_tracepoint(struct ctx *ctx, const char *name);

/* "int bpf_task_acquire(struct task_struct *p)": a function of the kernel; false if it has no such.
 */
bool cause_prototype(struct ctx *ctx, const char *name, char *ret, size_t size);

/*
 * "<byte_off> [5] struct task_struct.tgid (0:0 @ offset 0)", "<enumval_value> [8] enum e::NAME =
 * 7": a CO-RE relocation as libbpf writes it. Returns false if this kernel has all of it, or if the
 * text cannot be read.
 */
struct core_missing {
	char what[2 * CAUSE_NAME_MAX]; /* "this kernel's 'struct task_struct' has no member 'x'" */
	char hint[400];
};
bool cause_core_missing(struct ctx *ctx, const char *text, struct core_missing *ret);

#endif
