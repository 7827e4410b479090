// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A function called on the way has its own registers: its steps are skipped. The arguments of
 * a function come from its caller.
 */
#include <ctype.h>

#include "decode/verifier/walk.h"

#define NO_DEF                                                                                     \
	(struct vdef)                                                                              \
	{                                                                                          \
		.step = VLOG_NONE, .reg = NO_REG                                                   \
	}
#define ORIGIN_MAX 64 /* copies that are followed */

static uint32_t back_limit(uint32_t step)
{
	return step > WALK_BACK_MAX ? step - WALK_BACK_MAX : 0;
}

/* Cheap, before the instruction is read: does it start with "rN "? */
static bool may_set(struct span text, int reg)
{
	char name[8];

	snprintf(name, sizeof(name), "%d ", reg);
	return text.len > 3 && (*text.at == 'r' || *text.at == 'w') &&
	       (span_starts(span_skip(text, 1), name) || span_find(text, "atomic").len);
}

/* Does the step set reg? A call of a function sets r0 when it returns. */
static bool sets(const struct vlog *log, uint32_t i, int reg, struct vdef *ret)
{
	bool call = vlog_calls(log, i);
	struct span text;
	struct step s;

	if (call ? reg > 5 : vlog_jumps(log, i))
		return false;
	text = vlog_insn(log, i);
	if (!call && !may_set(text, reg))
		return false;
	s = step_parse(text);
	if (step_sets(&s) == reg) {
		*ret = (struct vdef){ .step = i, .reg = reg };
		return true;
	}
	if ((s.kind == STEP_CALL || s.kind == STEP_SUB) && reg >= 1 && reg <= 5) {
		*ret = (struct vdef){ .step = i, .reg = reg, .lost = true };
		return true;
	}
	return false;
}

struct vdef walk_def(const struct vlog *log, uint32_t step, int reg)
{
	uint32_t i = step, limit = back_limit(step);
	uint16_t frame = log->steps[step].frame;
	struct vdef def;

	while (i-- > limit) {
		const struct vstep *s = &log->steps[i];

		if (s->frame > frame)
			continue;
		if (s->frame < frame) { /* the call that made this frame */
			if (reg < 1 || reg > 5)
				return NO_DEF;
			frame = s->frame;
			continue;
		}
		if (sets(log, i, reg, &def))
			return def;
	}
	def = NO_DEF;
	def.reg = reg;
	def.entry = !limit && !log->dropped && (reg == 1 || log->function.at);
	return def;
}

/* "fp-8=mmmmmmmm": a call has written there; without m it is a spill, or zeros. */
static bool says_written(struct span state, const char *slot)
{
	struct span s = span_find(state, slot);
	size_t i;

	for (i = strlen(slot); i < s.len && s.at[i] != ' '; i++)
		if (!strchr("m0?rw", s.at[i]))
			return false;
	return s.len && memchr(s.at, 'm', i);
}

static bool is_overwritten(const struct vlog *log, uint32_t store, uint32_t until, int64_t off)
{
	char slot[32];
	uint32_t i;

	snprintf(slot, sizeof(slot), "fp%lld=", (long long)off);
	for (i = store + 1; i <= until; i++)
		if (says_written(vlog_before(log, i), slot) ||
		    (i < until && vlog_calls(log, i) && says_written(vlog_after(log, i), slot)))
			return true;
	return false;
}

/* The value that a fill takes from the stack, if the store is known. */
static bool follow_fill(const struct vlog *log, const struct step *s, struct vdef *at)
{
	struct step store;
	int64_t off;
	uint32_t i;

	if (s->kind != STEP_LOAD || s->size != 8 || !walk_stack_offset(log, at->step, s, &off))
		return false;
	i = walk_store(log, at->step, off, 8);
	if (i == VLOG_NONE || is_overwritten(log, i, at->step, off))
		return false;
	store = vlog_step(log, i);
	if (store.kind != STEP_STORE || store.src == NO_REG || store.size != 8)
		return false;
	*at = (struct vdef){ .step = i, .reg = store.src };
	return true;
}

struct vdef walk_origin(const struct vlog *log, uint32_t step, int reg)
{
	struct vdef def = walk_def(log, step, reg);
	unsigned int i;

	for (i = 0; i < ORIGIN_MAX && def.step != VLOG_NONE && !def.lost; i++) {
		struct step s = vlog_step(log, def.step);
		struct vdef at = def;

		if (s.kind == STEP_COPY)
			def = walk_def(log, def.step, s.src);
		else if (follow_fill(log, &s, &at))
			def = walk_def(log, at.step, at.reg);
		else
			break;
		if (def.step == VLOG_NONE && !def.entry)
			return at;
	}
	return def;
}

/* The value after "R6=" or "R6_w=": up to a blank outside of parentheses. */
static struct span take_value(struct span s)
{
	unsigned int depth = 0;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '(')
			depth++;
		else if (s.at[i] == ')' && depth)
			depth--;
		else if (s.at[i] == ' ' && !depth)
			break;
	}
	s.len = i;
	return s;
}

struct span state_value(struct span state, int reg)
{
	char name[8];
	size_t len = (size_t)snprintf(name, sizeof(name), "R%d", reg);
	struct span s = state, rest;

	for (; (s = span_find(s, name)).len; s = span_skip(s, len)) {
		if (s.at > state.at && s.at[-1] != ' ')
			continue;
		rest = span_skip(s, len);
		if (rest.len > 3 && *rest.at == '_')
			rest = span_skip(rest, strcspn(rest.at, "= \n"));
		if (span_starts(rest, "="))
			return take_value(span_skip(rest, 1));
	}
	return (struct span){};
}

struct span walk_value(const struct vlog *log, uint32_t step, int reg)
{
	uint16_t frame = log->steps[step].frame;
	uint32_t i = step, limit = back_limit(step);
	struct span v = state_value(vlog_before(log, step), reg);
	struct vdef def;

	while (!v.len && i-- > limit) {
		if (log->steps[i].frame != frame)
			continue;
		v = state_value(vlog_after(log, i), reg);
		if (v.len || sets(log, i, reg, &def))
			break;
		v = state_value(vlog_before(log, i), reg);
	}
	return v;
}

static bool is_number(struct span v)
{
	while (v.len && (*v.at == 'P' || *v.at == '-'))
		v = span_skip(v, 1);
	return v.len && isdigit((unsigned char)*v.at);
}

struct span value_type(struct span v)
{
	size_t n = 0;

	if (span_starts(v, "inv") || span_starts(v, "scalar") || span_starts(v, "Pscalar") ||
	    is_number(v))
		return span_of("scalar");
	while (n < v.len && v.at[n] != '(' && v.at[n] != ' ')
		n++;
	v.len = n;
	return v;
}

bool value_is(struct span v, const char *type)
{
	return span_is(value_type(v), type);
}

/* In "smin=smin32=0" the number follows the last of several names for it. */
bool value_number(struct span v, const char *key, int64_t *ret)
{
	size_t len = strlen(key), n;
	struct span s = v;

	for (; (s = span_find(s, key)).len; s = span_skip(s, len)) {
		struct span rest = span_skip(s, len);

		if ((s.at > v.at && !strchr("(,=_", s.at[-1])) || !rest.len)
			continue;
		if (span_starts(rest, "_value="))
			rest = span_skip(rest, strlen("_value"));
		if (*rest.at != '=')
			continue;
		for (rest = span_skip(rest, 1); rest.len && isalpha((unsigned char)*rest.at);)
			rest = span_skip(span_find(rest, "="), 1);
		*ret = span_number(rest, &n);
		return n;
	}
	return false;
}

bool walk_stack_offset(const struct vlog *log, uint32_t step, const struct step *s, int64_t *ret)
{
	int base = s->kind == STEP_STORE || s->kind == STEP_ATOMIC ? s->dst : s->src;
	struct span v;
	size_t len;

	if (base == 10) {
		*ret = s->off;
		return true;
	}
	if (base == NO_REG)
		return false;
	v = walk_value(log, step, base);
	if (!span_starts(v, "fp"))
		return false;
	*ret = s->off + span_number(span_skip(v, 2), &len);
	return true;
}

uint32_t walk_store(const struct vlog *log, uint32_t step, int64_t off, int64_t size)
{
	uint32_t i = step, limit = back_limit(step);
	uint16_t frame = log->steps[step].frame;

	while (i-- > limit) {
		struct step s;
		int64_t at;

		if (log->steps[i].frame < frame)
			break;
		if (log->steps[i].frame > frame || !vlog_stores(log, i))
			continue;
		s = vlog_step(log, i);
		if (walk_stack_offset(log, i, &s, &at) && at < off + size && off < at + s.size)
			return i;
	}
	return VLOG_NONE;
}

uint32_t walk_find(const struct vlog *log, uint32_t step,
		   bool (*is)(const struct vlog *log, uint32_t step, const void *data),
		   const void *data)
{
	uint32_t i = step, limit = back_limit(step);

	while (i-- > limit)
		if (is(log, i, data))
			return i;
	return VLOG_NONE;
}

uint32_t walk_insn(const struct vlog *log, uint32_t insn)
{
	uint32_t i = log->n, limit = back_limit(log->n);

	while (i-- > limit)
		if (log->steps[i].insn == insn)
			return i;
	return VLOG_NONE;
}
