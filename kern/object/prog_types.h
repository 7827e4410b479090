/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Program types: one row each with everything that depends on the type alone. Attach types of
 * hooks, and sections of types, are in sections.c.
 */
#ifndef KERN_OBJECT_PROG_TYPES_H
#define KERN_OBJECT_PROG_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define N_PROG_TYPES 33		/* in the table, including unspec */

enum prog_trait {
	PROG_ON_EVENT = 1 << 0,		/* a perf event or raw tracepoint fd may hold it */
	PROG_RAW_TP = 1 << 1,		/* attached by the name of the tracepoint alone */
	PROG_TRACEFS = 1 << 2,		/* attaching it needs tracefs */
	PROG_KERNEL_TYPED = 1 << 3,	/* to load it, libbpf reads the kernel's types */
	PROG_ON_DEVICE = 1 << 4,	/* can be offloaded to a device */
	PROG_DEV_BOUND = 1 << 5,	/* can be bound to a device, to read its metadata */
	PROG_EXTENDS = 1 << 6,		/* replaces a function of another, and may use its calls */
};

/* How test runs (BPF_PROG_TEST_RUN) work: the kernel rejects anything else. */
enum prog_run {
	RUN_CTX_ONLY = 1 << 0,		/* takes no data */
	RUN_NO_REPEAT = 1 << 1,		/* the kernel runs it once, and does not measure */
	RUN_CTX_IN_PLACE = 1 << 2,	/* the context is returned in place */
	RUN_CTX_OUT = 1 << 3,		/* the context is returned in a separate buffer */
	RUN_ON_CPU = 1 << 4,
	RUN_LIVE = 1 << 5,
	RUN_FRAME = 1 << 6,		/* data starts with an Ethernet header */
	RUN_XDP_MD = 1 << 7,		/* the context contains the packet's length */
};

/* The target that a program of the type must have for the kernel to load it. */
enum prog_hook { HOOK_NONE, HOOK_TRACING, HOOK_LSM, HOOK_PROG, HOOK_OPS, N_PROG_HOOKS };

/* The meaning of return values, and which of them end the path of a packet. */
struct prog_verdicts {
	int first;			/* of words */
	const char *const *words;	/* "drop"; NULL-terminated */
	const char *prefix;		/* of the kernel's names: "XDP_"; NULL: none */
	uint32_t dropped;		/* bits, by index in words */
	bool drops_others;		/* meaning of other values */
};

#define VERDICTS_MAX 16
/* Index of a return value among the words; VERDICTS_MAX if it has none. */
size_t prog_verdict_place(const struct prog_verdicts *v, uint32_t retval);

struct prog_type {
	const char *name;		/* NULL: not in our table */
	const char *caps;		/* required to load it */
	unsigned int traits;		/* enum prog_trait */
	unsigned int run;		/* enum prog_run */
	const char *run_ctx;		/* the kernel's struct for its context; NULL: none */
	const struct prog_verdicts *verdicts;
	enum prog_hook hook;
	uint32_t attach, load_flags;	/* values for loading, where zero is not accepted */
};

/* Their names by number, for P_WORD rows and completion; ends with NULL. */
extern const char *const prog_type_words[];

/* Never NULL: numbers beyond the table get an empty row. */
const struct prog_type *prog_type(uint32_t number);

#endif
