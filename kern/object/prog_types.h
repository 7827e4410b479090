/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Program types: a row each with all that depends on the type and on nothing else. What attaches to
 * a hook, and which section means which type, is in sections.c.
 */
#ifndef KERN_OBJECT_PROG_TYPES_H
#define KERN_OBJECT_PROG_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define N_PROG_TYPES 33		/* that the table knows, unspec included */

enum prog_trait {
	PROG_ON_EVENT = 1 << 0,		/* a perf or raw tracepoint descriptor may hold it */
	PROG_RAW_TP = 1 << 1,		/* attached by the tracepoint's name alone */
	PROG_TRACEFS = 1 << 2,		/* attaching it needs tracefs */
	PROG_KERNEL_TYPED = 1 << 3,	/* to load it libbpf reads the kernel's types */
	PROG_ON_DEVICE = 1 << 4,	/* a device may run it itself (offload) */
	PROG_DEV_BOUND = 1 << 5,	/* may be bound to a device: then it reads its metadata */
	PROG_EXTENDS = 1 << 6,		/* replaces a function of another, whose calls it may use */
};

/* How test runs (BPF_PROG_TEST_RUN) go: the kernel refuses what it does not expect. */
enum prog_run {
	RUN_CTX_ONLY = 1 << 0,		/* takes no data */
	RUN_NO_REPEAT = 1 << 1,		/* the kernel runs it once, and does not measure */
	RUN_CTX_IN_PLACE = 1 << 2,	/* what the program left in its context comes back there */
	RUN_CTX_OUT = 1 << 3,		/* the context comes back in a buffer of its own */
	RUN_ON_CPU = 1 << 4,
	RUN_LIVE = 1 << 5,
	RUN_FRAME = 1 << 6,		/* data begins with an Ethernet header */
	RUN_XDP_MD = 1 << 7,		/* the context contains the packet's length */
};

/* What a program of the type must be hooked to for the kernel to load it. */
enum prog_hook { HOOK_NONE, HOOK_TRACING, HOOK_LSM, HOOK_PROG, HOOK_OPS, N_PROG_HOOKS };

/* What return values mean, and which of them end a packet's way. */
struct prog_verdicts {
	int first;			/* of words */
	const char *const *words;	/* "drop"; NULL-terminated */
	const char *prefix;		/* of the kernel's names: "XDP_"; NULL: none */
	uint32_t dropped;		/* bits, by place in words */
	bool drops_others;		/* what other values mean */
};

#define VERDICTS_MAX 16
/* Place of a return value among the words; VERDICTS_MAX if it has none. */
size_t prog_verdict_place(const struct prog_verdicts *v, uint32_t retval);

struct prog_type {
	const char *name;		/* NULL: not in our table */
	const char *caps;		/* needed to load it */
	unsigned int traits;		/* enum prog_trait */
	unsigned int run;		/* enum prog_run */
	const char *run_ctx;		/* the kernel's struct for its context; NULL: none */
	const struct prog_verdicts *verdicts;
	enum prog_hook hook;
	uint32_t attach, load_flags;	/* what loads, where zero does not */
};

/* Never NULL: numbers beyond the table get a row that claims nothing. */
const struct prog_type *prog_type(uint32_t number);

#endif
