/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A verifier's log as a walk: the instructions on the path that ends at the complaint, and the
 * complaint. Read in one pass and in place; memory is bounded. A log is not trusted: it may be cut
 * at both ends, damaged, or no log at all.
 */
#ifndef DECODE_VERIFIER_LOG_H
#define DECODE_VERIFIER_LOG_H

#include "decode/verifier/step.h"

#define VLOG_STEPS_MAX (1U << 18) /* of longer walks the last ones are kept */
#define VLOG_LINES_MAX 32	  /* of the complaint */
#define VLOG_INSNS_MAX (1U << 20)
#define VLOG_NONE UINT32_MAX

/* An instruction of the walk. Places are offsets in the text, VLOG_NONE: there is none. */
struct vstep {
	uint32_t insn;	 /* its number in the program */
	uint32_t line;	 /* of its line in the log */
	uint32_t source; /* of the source line printed last */
	uint32_t state;	 /* of all registers before it, if they were printed */
	uint32_t same;	 /* the previous step with this number */
	uint16_t frame;	 /* 0: the program itself */
	uint8_t code;	 /* its opcode */
	bool jumped;	 /* not from the step before: a branch that was kept for later */
	bool taken;	 /* its branch was followed */
};

struct vlog {
	struct span text;    /* the caller's; at most 4 GB are read */
	struct vstep *steps; /* owned */
	uint32_t n, max;
	uint64_t dropped;   /* steps of the walk before the first that is kept */
	uint64_t n_printed; /* all instructions in the log, on whichever path */
	uint32_t *last;	    /* owned: by instruction, its last step; VLOG_NONE */
	uint32_t *passed;   /* owned: by instruction, how often it was printed */
	uint32_t n_last;     /* of both */
	struct span lines[VLOG_LINES_MAX]; /* after the last step, without statistics */
	unsigned int n_lines;
	struct span report;	  /* from 7.3 on: from "Verification failed:" on */
	struct span function;	  /* the global function that is being verified, or none */
	struct span stats, stack; /* "processed ...", "stack depth ..." */
};

#define auto_vlog __attribute__((cleanup(vlog_free)))

/* text must outlive ret. Returns 0 or -ENOMEM; vlog_free() in both cases. */
int vlog_read(struct span text, struct vlog *ret);
void vlog_free(struct vlog *log);

/* By its opcode: a branch or goto; a call of any kind; a store, atomic ones included. */
bool vlog_jumps(const struct vlog *log, uint32_t step);
bool vlog_calls(const struct vlog *log, uint32_t step);
bool vlog_stores(const struct vlog *log, uint32_t step);

/* The instruction of a step: "(b7) r0 = 2" without its opcode, and what follows it, or none. */
struct span vlog_insn(const struct vlog *log, uint32_t step);
struct step vlog_step(const struct vlog *log, uint32_t step);
/* What its line and the line before it say about registers, after and before it; or none. */
struct span vlog_after(const struct vlog *log, uint32_t step);
struct span vlog_before(const struct vlog *log, uint32_t step);

/* "; TEXT @ FILE:LINE", or "; TEXT" of older kernels (line 0). */
struct vsource {
	struct span text, file;
	uint32_t line;
};
struct vsource vlog_source(const struct vlog *log, uint32_t step);

#endif
