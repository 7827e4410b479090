// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Where a number got its range: the last comparison of it on the path, or else where it was made.
 * Arithmetic is followed to what it computes with; a comparison of a copy counts only if the
 * verifier knows that it is one.
 */
#include "decode/verifier/expr.h"
#include "decode/verifier/inquiry.h"
#include "decode/verifier/walk.h"

#define TRACE_MAX 32

struct trace {
	uint32_t check;	  /* the comparison on the way, VLOG_NONE: none */
	struct vdef from; /* where it was made */
	uint32_t math;	  /* the first arithmetic passed, VLOG_NONE: none */
};

/* The last branch on reg in (since, before), of the frame. */
static uint32_t last_check(const struct vlog *log, uint32_t since, uint32_t before, int reg)
{
	uint16_t frame = log->steps[before ? before - 1 : 0].frame;
	uint32_t i = before;
	struct step s;

	while (i-- > since && before - i < WALK_BACK_MAX) {
		if (log->steps[i].frame != frame || !vlog_jumps(log, i))
			continue;
		s = vlog_step(log, i);
		if (s.dst != reg && s.src != reg)
			continue;
		/* A test against 0 gives no upper limit. */
		if (s.src == NO_REG && !s.imm && (span_is(s.op, "==") || span_is(s.op, "!=")))
			continue;
		return i;
	}
	return VLOG_NONE;
}

/* Which step or register the number came from; false: it was made there. */
static bool go_on(const struct vlog *log, struct trace *t, uint32_t *step, int *reg)
{
	struct step s = vlog_step(log, t->from.step);
	int64_t off;

	*step = t->from.step;
	switch (s.kind) {
	case STEP_COPY:
		*reg = s.src;
		return true;
	case STEP_MATH:
		if (t->math == VLOG_NONE)
			t->math = *step;
		*reg = s.dst;
		return true;
	case STEP_LOAD:
		if (!walk_stack_offset(log, *step, &s, &off))
			return false;
		*step = walk_store(log, *step, off, s.size);
		if (*step == VLOG_NONE)
			return false;
		s = vlog_step(log, *step);
		*reg = s.src;
		return s.kind == STEP_STORE && s.src != NO_REG;
	default:
		return false;
	}
}

static struct trace trace_number(const struct vlog *log, uint32_t step, int reg)
{
	struct trace t = { .check = VLOG_NONE, .math = VLOG_NONE };
	unsigned int i;

	for (i = 0; i < TRACE_MAX; i++) {
		t.from = walk_def(log, step, reg);
		if (t.check == VLOG_NONE)
			t.check = last_check(log, t.from.step == VLOG_NONE ? 0 : t.from.step + 1,
					     step, reg);
		if (t.from.step == VLOG_NONE || t.from.lost || !go_on(log, &t, &step, &reg))
			break;
	}
	return t;
}

static const char *quote_name(struct inquiry *q, uint32_t step, char *buf, size_t size)
{
	struct source_line room;
	struct span name = variable_of(q, step, &room);

	if (!name.len || name.len >= size || !expr_is_plain(name))
		return NULL;
	snprintf(buf, size, SPAN_FMT, SPAN_ARG(name));
	return buf;
}

#define RANGE_MAX 64

/* What is known of a number, in words: "0 to 255", "-4095 to 64", "any number". */
static void range_words(struct span value, char buf[static RANGE_MAX])
{
	int64_t smin = INT64_MIN, smax = INT64_MAX, umin = 0, umax = -1;
	size_t len;
	int64_t v = span_number(value, &len);

	value_number(value, "smin", &smin);
	value_number(value, "smax", &smax);
	value_number(value, "umin", &umin);
	value_number(value, "umax", &umax);
	if (len && len == value.len)
		snprintf(buf, RANGE_MAX, "%lld", (long long)v);
	else if (umax >= 0 && umin >= 0) /* the unsigned range is narrower */
		snprintf(buf, RANGE_MAX,
			 umax == UINT32_MAX ? "any number of 32 bits" : "%lld to %lld",
			 (long long)umin, (long long)umax);
	else if (smin > INT64_MIN && smax < INT64_MAX)
		snprintf(buf, RANGE_MAX, "%lld to %lld", (long long)smin, (long long)smax);
	else if (smax < INT64_MAX)
		snprintf(buf, RANGE_MAX, "at most %lld, negative numbers included",
			 (long long)smax);
	else
		snprintf(buf, RANGE_MAX, "any number");
}

static void label_origin(struct inquiry *q, uint32_t step, struct span value)
{
	struct step s = vlog_step(q->log, step);
	char buf[48], range[RANGE_MAX];
	const char *name = quote_name(q, step, buf, sizeof(buf));

	range_words(value, range);
	if (s.kind == STEP_CALL)
		blame(q, step, "%s%sthe result of " SPAN_FMT "(): %s", name ?: "", name ? ": " : "",
		      SPAN_ARG(s.name), range);
	else if (s.kind == STEP_LOAD)
		blame(q, step, "%s is read here: %s", name ?: "it", range);
	else
		blame(q, step, "%s gets its value here: %s", name ?: "it", range);
}

/* The range that is left of a number by the check. */
static void label_check(struct inquiry *q, uint32_t step, struct span value)
{
	char range[RANGE_MAX];

	range_words(value, range);
	blame(q, step, "leaves %s", range);
}

struct copy_check {
	uint32_t from; /* where the number was made */
};

/* Is it a comparison with a limit of something computed from that number? */
static bool checks_copy(const struct vlog *log, uint32_t step, const void *data)
{
	const struct copy_check *c = data;
	struct step s;
	struct trace t;

	if (step <= c->from || !vlog_jumps(log, step))
		return false;
	s = vlog_step(log, step);
	if (s.kind != STEP_BRANCH || (s.src == NO_REG && !s.imm))
		return false;
	t = trace_number(log, step, s.dst);
	return t.from.step == c->from;
}

/* The number itself is not compared on the path, but another register that comes from it is. */
static bool blame_copy(struct inquiry *q, uint32_t before, uint32_t from)
{
	struct copy_check c = { from };
	uint32_t step = walk_find(q->log, before, checks_copy, &c);

	if (step == VLOG_NONE)
		return false;
	blame(q, step, "compares a copy of {len}, the limit is lost");
	call_it(q, CLASS_COMPILER);
	advise(q,
	       "the comparison is of another register or width than the use: keep the compiler "
	       "from splitting them, asm volatile(\"\" : \"+r\"({len})); before the comparison, or "
	       "mask {len} just before it is used");
	return true;
}

static void blame_number(struct inquiry *q, uint32_t step, int reg)
{
	struct trace t = trace_number(q->log, step, reg);
	struct span value = walk_value(q->log, step, reg);
	char buf[48];
	const char *name = NULL;

	if (t.from.step != VLOG_NONE && !t.from.lost)
		name = quote_name(q, t.from.step, buf, sizeof(buf));
	if (name) {
		fact(q, "index", "%s", name);
		fact(q, "len", "%s", name);
	}
	if (t.check != VLOG_NONE) {
		label_check(q, t.check, value);
		if (t.from.step != VLOG_NONE && !t.from.lost)
			pass(q, t.from.step, "made here");
		return;
	}
	if (t.from.step != VLOG_NONE && !t.from.lost) {
		if (!blame_copy(q, step, t.from.step))
			label_origin(q, t.from.step, value);
	} else if (t.math != VLOG_NONE) {
		blame(q, t.math, "computed here");
	}
}

void find_number(struct inquiry *q)
{
	if (q->at != VLOG_NONE && q->m.reg != NO_REG)
		blame_number(q, q->at, q->m.reg);
}

/* The register itself at an addition, else what was added to it last. */
static bool added(const struct vlog *log, uint32_t at, int reg, uint32_t *step, int *src)
{
	struct step s = vlog_step(log, at);
	struct vdef def;
	unsigned int i;

	if (s.kind == STEP_MATH && s.src != NO_REG && (s.dst == reg || s.src == reg)) {
		*step = at;
		*src = value_is(walk_value(log, at, s.src), "scalar") ? s.src : s.dst;
		return true;
	}
	for (i = 0; i < TRACE_MAX; i++) {
		def = walk_origin(log, at, reg);
		if (def.step == VLOG_NONE || def.lost)
			return false;
		s = vlog_step(log, def.step);
		if (s.kind != STEP_MATH)
			return false;
		*step = at = def.step;
		reg = s.dst;
		*src = s.src;
		if (s.src == NO_REG)
			continue;
		if (!value_is(walk_value(log, at, s.src), "scalar")) /* index + pointer */
			*src = s.dst;
		return true;
	}
	return false;
}

/* A constant offset, but the length of the call reaches too far. */
static void blame_length(struct inquiry *q)
{
	struct step s = vlog_step(q->log, q->at);

	if (s.kind != STEP_CALL || q->m.reg < 1 || q->m.reg >= 5)
		return;
	advise(q, "pass a size that fits: at most what is left of the memory from there on");
	blame_number(q, q->at, q->m.reg + 1);
}

/* The register of the pointer, also where only the next line of the complaint names it. */
static int pointer_reg(const struct inquiry *q)
{
	struct match m;
	unsigned int i;
	struct step s;

	if (q->m.reg != NO_REG)
		return q->m.reg;
	for (i = 0; i < q->log->n_lines; i++)
		if (text_match("R%r ", q->log->lines[i], &m))
			return m.reg;
	s = vlog_step(q->log, q->at);
	return s.kind == STEP_LOAD ? s.src : s.dst;
}

void find_index(struct inquiry *q)
{
	uint32_t step;
	int reg, src;

	if (q->at == VLOG_NONE)
		return;
	reg = q->m.reg = pointer_reg(q);
	if (q->m.n >= 3 && q->m.number[2] == 1)
		fact(q, "bytes", "byte %lld", (long long)q->m.number[1]);
	else if (q->m.n >= 3)
		fact(q, "bytes", "bytes %lld to %lld", (long long)q->m.number[1],
		     (long long)(q->m.number[1] + q->m.number[2] - 1));
	if (reg == NO_REG)
		return;
	if (added(q->log, q->at, reg, &step, &src) && src != NO_REG)
		blame_number(q, step, src);
	else
		blame_length(q);
}

void find_stack_index(struct inquiry *q)
{
	find_index(q);
}

/* "smin=0 smax=7", "value (0x9; 0x0)": a number, or a range. */
static void say_result(struct inquiry *q)
{
	struct span min = span_find(q->line, "smin="), max = span_find(q->line, "smax=");
	struct span value = span_find(q->line, "value (");
	struct match m;

	if (text_match("smin=%d smax=%d", min, &m) && m.number[0] == m.number[1])
		fact(q, "result", "%lld", (long long)m.number[0]);
	else if (text_match("smin=%d smax=%d", min, &m))
		fact(q, "result", "%lld to %lld", (long long)m.number[0], (long long)m.number[1]);
	else if (text_match("smin=%d ", min, &m))
		fact(q, "result", "%lld or more", (long long)m.number[0]);
	else if (text_match("smax=%d ", max, &m))
		fact(q, "result", "at most %lld", (long long)m.number[0]);
	else if (text_match("value (%d; 0x0)", value, &m))
		fact(q, "result", "%lld", (long long)m.number[0]);
	else if (text_match("unknown scalar value", span_find(q->line, "unknown scalar"), &m))
		fact(q, "result", "any number");
}

void find_return(struct inquiry *q)
{
	struct trace t;

	say_result(q);
	if (q->at == VLOG_NONE || q->m.reg == NO_REG)
		return;
	t = trace_number(q->log, q->at, q->m.reg);
	if (t.from.step == VLOG_NONE || t.from.lost) {
		if (t.math != VLOG_NONE)
			blame(q, t.math, "computed here");
		return;
	}
	label_origin(q, t.from.step, walk_value(q->log, q->at, q->m.reg));
	if (vlog_step(q->log, t.from.step).kind == STEP_SET)
		blame(q, t.from.step, "the result is set here");
}
