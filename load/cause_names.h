/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Names in this kernel that are near to one that it does not have. Only for load/cause*.c. */
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

/* What of "struct task_struct.mm.x" this kernel does not have. */
struct cause_member {
	char type[CAUSE_NAME_MAX];   /* "struct task_struct" */
	char member[CAUSE_NAME_MAX]; /* "": the type itself */
	char similar[256];	     /* "'tgid', 'pid'"; "" for none */
};
/* Returns false if all of it is there, or the path cannot be read. */
bool cause_find_member(struct ctx *ctx, const char *path, struct cause_member *ret);

#endif
