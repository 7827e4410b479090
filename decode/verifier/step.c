// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* One row a form of instruction, tried in order. */
#include "decode/verifier/step.h"

enum role { R_NONE, R_DST, R_SRC, R_OFF, R_IMM, R_SIZE, R_OP, R_NAME, R_JUMP };

/* %s of sizes: "u32", "s8". */
static const struct form {
	const char *pattern;
	enum step_kind kind;
	enum role roles[MATCH_MAX];
} forms[] = {
	{ "r%r = *(%s *)(r%r %d)", STEP_LOAD, { R_DST, R_SIZE, R_SRC, R_OFF } },
	{ "r%r = *(%s *)(r%r +%d)", STEP_LOAD, { R_DST, R_SIZE, R_SRC, R_OFF } },
	{ "*(%s *)(r%r %d) = r%r", STEP_STORE, { R_SIZE, R_DST, R_OFF, R_SRC } },
	{ "*(%s *)(r%r +%d) = r%r", STEP_STORE, { R_SIZE, R_DST, R_OFF, R_SRC } },
	{ "*(%s *)(r%r %d) = %d", STEP_STORE, { R_SIZE, R_DST, R_OFF, R_IMM } },
	{ "*(%s *)(r%r +%d) = %d", STEP_STORE, { R_SIZE, R_DST, R_OFF, R_IMM } },
	{ "lock *(%s *)(r%r +%d) %s r%r", STEP_ATOMIC, { R_SIZE, R_DST, R_OFF, R_OP, R_SRC } },
	{ "lock *(%s *)(r%r %d) %s r%r", STEP_ATOMIC, { R_SIZE, R_DST, R_OFF, R_OP, R_SRC } },
	{ "r%r = atomic%s((%s *)(r%r +%d), r%r)",
	  STEP_ATOMIC,
	  { R_NONE, R_OP, R_SIZE, R_DST, R_OFF, R_SRC } },
	{ "r%r = atomic%s((%s *)(r%r %d), r%r)",
	  STEP_ATOMIC,
	  { R_NONE, R_OP, R_SIZE, R_DST, R_OFF, R_SRC } },
	{ "r%r = *(%s *)skb[%s]", STEP_LOAD, { R_DST, R_SIZE } },
	{ "if r%r %s r%r goto pc%s", STEP_BRANCH, { R_DST, R_OP, R_SRC, R_JUMP } },
	{ "if w%r %s w%r goto pc%s", STEP_BRANCH, { R_DST, R_OP, R_SRC, R_JUMP } },
	{ "if r%r %s %d goto pc%s", STEP_BRANCH, { R_DST, R_OP, R_IMM, R_JUMP } },
	{ "if w%r %s %d goto pc%s", STEP_BRANCH, { R_DST, R_OP, R_IMM, R_JUMP } },
	{ "may_goto pc%s", STEP_GOTO, { R_JUMP } },
	{ "goto pc%s", STEP_GOTO, { R_JUMP } },
	{ "gotol pc%s", STEP_GOTO, { R_JUMP } },
	{ "call pc%s", STEP_SUB, { R_JUMP } },
	{ "call %s#%d", STEP_CALL, { R_NAME } },
	{ "exit", STEP_EXIT, { 0 } },
	{ "r%r = r%r", STEP_COPY, { R_DST, R_SRC } },
	{ "w%r = w%r", STEP_COPY, { R_DST, R_SRC } },
	{ "r%r = (%s)r%r", STEP_COPY, { R_DST, R_NONE, R_SRC } },
	{ "w%r = (%s)w%r", STEP_COPY, { R_DST, R_NONE, R_SRC } },
	{ "r%r = %d", STEP_SET, { R_DST, R_IMM } },
	{ "w%r = %d", STEP_SET, { R_DST, R_IMM } },
	{ "r%r = be%s", STEP_MATH, { R_DST } },
	{ "r%r = le%s", STEP_MATH, { R_DST } },
	{ "r%r = bswap%s", STEP_MATH, { R_DST } },
	{ "r%r = -r%r", STEP_MATH, { R_DST } },
	{ "w%r = -w%r", STEP_MATH, { R_DST } },
	{ "r%r = %s", STEP_SET, { R_DST } },
	{ "w%r = %s", STEP_SET, { R_DST } },
	{ "r%r %s r%r", STEP_MATH, { R_DST, R_OP, R_SRC } },
	{ "w%r %s w%r", STEP_MATH, { R_DST, R_OP, R_SRC } },
	{ "r%r %s %d", STEP_MATH, { R_DST, R_OP, R_IMM } },
	{ "w%r %s %d", STEP_MATH, { R_DST, R_OP, R_IMM } },
};

static unsigned int size_of(struct span type)
{
	size_t len;
	int64_t bits = span_number(span_skip(type, 1), &len);

	return len && bits > 0 && bits <= 64 ? (unsigned int)bits / 8 : 0;
}

/* "+5" or "-9", perhaps followed by more. */
static int32_t jump_of(struct span s)
{
	size_t len;

	if (s.len && *s.at == '+')
		s = span_skip(s, 1);
	return (int32_t)span_number(s, &len);
}

static void take(struct step *s, enum role role, struct span text, int64_t number)
{
	switch (role) {
	case R_DST:
		s->dst = (int)number;
		break;
	case R_SRC:
		s->src = (int)number;
		break;
	case R_OFF:
		s->off = number;
		break;
	case R_IMM:
		s->imm = number;
		break;
	case R_SIZE:
		s->size = size_of(text);
		break;
	case R_OP:
		s->op = text;
		break;
	case R_NAME:
		s->name = text;
		break;
	case R_JUMP:
		s->jump = jump_of(text);
		break;
	case R_NONE:
		break;
	}
}

struct step step_parse(struct span text)
{
	struct step s = { .kind = STEP_OTHER, .dst = NO_REG, .src = NO_REG };
	struct match m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!text_match(forms[i].pattern, text, &m))
			continue;
		s.kind = forms[i].kind;
		for (unsigned int k = 0; k < m.n; k++)
			take(&s, forms[i].roles[k], m.text[k], m.number[k]);
		break;
	}
	return s;
}

int step_sets(const struct step *s)
{
	switch (s->kind) {
	case STEP_SET:
	case STEP_COPY:
	case STEP_MATH:
	case STEP_LOAD:
		return s->dst;
	case STEP_CALL:
	case STEP_SUB:
		return 0;
	case STEP_ATOMIC:
		return span_starts(s->op, "_") ? s->src : NO_REG;
	default:
		return NO_REG;
	}
}
