/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Questions about the walk, answered backwards from a step: where a register got its value, and
 * what it was. Bounded: what is longer ago than WALK_BACK_MAX steps is not found.
 */
#ifndef DECODE_VERIFIER_WALK_H
#define DECODE_VERIFIER_WALK_H

#include "decode/verifier/log.h"

#define WALK_BACK_MAX (1U << 16)

/* Where a value comes from. */
struct vdef {
	uint32_t step; /* VLOG_NONE: the walk does not say */
	int reg;       /* the register that the step sets */
	bool lost;     /* a call has made it unusable (r1 to r5) */
	bool entry;    /* it is an argument of the program or function */
};

/* The step that gave reg the value that it has before step is run. */
struct vdef walk_def(const struct vlog *log, uint32_t step, int reg);
/* The same, through copies, spills and fills: where the value was made. */
struct vdef walk_origin(const struct vlog *log, uint32_t step, int reg);

/*
 * What the log says of reg before step: "pkt(off=14,r=14)". Looked up no further back than where
 * it was set; none if not known.
 */
struct span walk_value(const struct vlog *log, uint32_t step, int reg);
/* The same of a text such as vlog_after() gives. */
struct span state_value(struct span state, int reg);

/* "pkt" of "pkt(off=14)"; "scalar" for numbers, also in the spelling of older kernels. */
struct span value_type(struct span value);
bool value_is(struct span value, const char *type);
/* A member of the value (r, off, umax, ref_obj_id); false if it is not there. */
bool value_number(struct span value, const char *key, int64_t *ret);

/* The step before step, in its frame, that stored into one of the stack's bytes [off, off + len).
 */
uint32_t walk_store(const struct vlog *log, uint32_t step, int64_t off, int64_t len);
/* The last step before step for which the function is true. */
uint32_t walk_find(const struct vlog *log, uint32_t step,
		   bool (*is)(const struct vlog *log, uint32_t step, const void *data),
		   const void *data);
/* The step of an instruction that was passed last, or VLOG_NONE. */
uint32_t walk_insn(const struct vlog *log, uint32_t insn);
/* The number of the stack byte that r10, or a copy of it, plus off means; false if not known. */
bool walk_stack_offset(const struct vlog *log, uint32_t step, const struct step *s, int64_t *ret);

#endif
