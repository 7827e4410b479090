/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* A complaint under examination: what the finders of causes get and what they answer. */
#ifndef DECODE_VERIFIER_INQUIRY_H
#define DECODE_VERIFIER_INQUIRY_H

#include "decode/verifier/refusal.h"

#define FACTS_MAX 16

struct inquiry {
	const struct vlog *log;
	const struct source_finder *finder; /* may be NULL */
	struct match m;			    /* of the complaint */
	struct span line;		    /* the line that matched */
	struct refusal *r;		    /* at is filled if the walk has an end */
	uint32_t at;			    /* the step, VLOG_NONE: the complaint has none */
	struct fact {
		const char *key;
		char value[80];
	} facts[FACTS_MAX];
	unsigned int n_facts;
};

/* {key} of the texts. The first value stays. */
void fact(struct inquiry *q, const char *key, const char *fmt, ...) FORMAT_PRINTF(3, 4);
void fact_span(struct inquiry *q, const char *key, struct span value);

/* The cause is this step (or instruction). label may be NULL. */
void blame(struct inquiry *q, uint32_t step, const char *fmt, ...) FORMAT_PRINTF(3, 4);
void blame_insn(struct inquiry *q, uint32_t insn, const char *fmt, ...) FORMAT_PRINTF(3, 4);
/* Another place on the way from the cause to the complaint. */
void pass(struct inquiry *q, uint32_t step, const char *fmt, ...) FORMAT_PRINTF(3, 4);
/* Instead of the row's. */
void advise(struct inquiry *q, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void say_here(struct inquiry *q, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* Instead of the row's problem. */
void title(struct inquiry *q, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void call_it(struct inquiry *q, enum refusal_class kind);

/* The number of argument reg of the call, or the variable that a line sets, for labels. */
static inline bool at_call(const struct inquiry *q)
{
	return q->at != VLOG_NONE && vlog_step(q->log, q->at).kind == STEP_CALL;
}

/* The variable that the source line of a step sets ("n" of "n = f();"), or none. */
struct span variable_of(struct inquiry *q, uint32_t step, struct source_line *room);

/* Finders: see cause.c and cause_number.c. */
void find_packet(struct inquiry *q);
void find_scalar(struct inquiry *q);
void find_null(struct inquiry *q);
void find_number(struct inquiry *q); /* of the register: a length */
void find_index(struct inquiry *q);  /* of the number added to the register */
void find_stack_index(struct inquiry *q);
void find_unset(struct inquiry *q);
void find_unwritten(struct inquiry *q); /* bytes of the stack */
void find_made(struct inquiry *q);	/* where the register's value was made */
void find_here(struct inquiry *q);	/* the line itself; where it was made is on the path */
void find_type(struct inquiry *q);	/* the same of an argument */
void find_alloc(struct inquiry *q);
void find_region(struct inquiry *q);
void find_return(struct inquiry *q);
void find_loop(struct inquiry *q);
void find_large(struct inquiry *q);
void find_insn(struct inquiry *q);
void find_call(struct inquiry *q);
void find_context(struct inquiry *q);

#endif
