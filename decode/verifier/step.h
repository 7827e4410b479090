/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* An instruction as the verifier prints it: "(61) r2 = *(u32 *)(r1 +0)". */
#ifndef DECODE_VERIFIER_STEP_H
#define DECODE_VERIFIER_STEP_H

#include "decode/verifier/text.h"

enum step_kind {
	STEP_OTHER,
	STEP_SET,    /* dst = imm, map[...] and the like */
	STEP_COPY,   /* dst = src */
	STEP_MATH,   /* dst op= src, or imm */
	STEP_LOAD,   /* dst = *(size *)(src +off) */
	STEP_STORE,  /* *(size *)(dst +off) = src, or imm */
	STEP_ATOMIC, /* the same, and read; src may be written */
	STEP_BRANCH, /* if dst op src goto target */
	STEP_GOTO,
	STEP_CALL, /* a helper or a kfunc: name */
	STEP_SUB,  /* a function of the program */
	STEP_EXIT,
};

struct step {
	enum step_kind kind;
	int dst, src;	   /* NO_REG: there is none */
	int64_t off, imm;  /* imm: of branches and math without src */
	unsigned int size; /* bytes, of memory */
	struct span op;	   /* "+=", ">", "s<" */
	struct span name;  /* of a call, without its number */
	int32_t jump;	   /* relative to the next instruction */
};

/* text: what follows the opcode in parentheses. What is not known is STEP_OTHER. */
struct step step_parse(struct span text);

/* The register that it gives a new value, or NO_REG; a call gives one to r0. */
int step_sets(const struct step *s);

#endif
