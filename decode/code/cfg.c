// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Three passes: mark the starts of functions, mark the starts of blocks (targets of jumps, and
 * after every instruction that may not fall through), then cut there and connect the blocks by
 * their last instruction.
 *
 * A call does not prove a function: for a loop whose callback never runs the kernel keeps the call,
 * but removes the callback, and the call leads anywhere.
 */
#include "decode/code/cfg.h"

#include <errno.h>

#include "cli/array.h"
#include "decode/code/insn.h"

enum { OP_JCOND = 0xe0 };	/* may_goto */

enum mark {
	MARK_FUNC = 1 << 0,
	MARK_BLOCK = 1 << 1,
	MARK_INSN = 1 << 2,	/* an instruction starts here: not inside a wide load */
	MARK_CALLED = 1 << 3,	/* a function, if possible here */
};

/* How an instruction continues. */
enum flow { FLOW_ON, FLOW_BRANCH, FLOW_GOTO, FLOW_INDIRECT, FLOW_EXIT };

static enum flow flow_of(const struct bpf_insn *insn)
{
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	if (class != BPF_JMP && class != BPF_JMP32)
		return FLOW_ON;
	if (insn->code == (BPF_JMP | BPF_JA | BPF_X))
		return FLOW_INDIRECT;
	if (op == BPF_JA)
		return FLOW_GOTO;
	if (op == BPF_EXIT)
		return FLOW_EXIT;
	if (op == BPF_CALL || op > OP_JCOND)
		return FLOW_ON;
	return FLOW_BRANCH;
}

static uint32_t in_bounds(int64_t target, uint32_t n)
{
	return target >= 0 && target < n ? (uint32_t)target : CFG_NONE;
}

uint32_t cfg_target(const struct bpf_insn *insn, uint32_t pos, uint32_t n)
{
	enum flow flow = flow_of(insn);

	if (flow != FLOW_BRANCH && flow != FLOW_GOTO)
		return CFG_NONE;
	/* only gotol has its distance in imm */
	return in_bounds((int64_t)pos + 1 +
			 (insn->code == (BPF_JMP32 | BPF_JA) ? insn->imm : insn->off), n);
}

/* The function of the program that an instruction calls or points to. */
static uint32_t func_target(const struct bpf_insn *insn, uint32_t pos, uint32_t n)
{
	if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL)
		/* the distance; imm may contain the function's number by now */
		return in_bounds((int64_t)pos + 1 + (n > INT16_MAX ? INT32_MAX : insn->off), n);
	if (insn_slots(insn) == 2 && insn->src_reg == BPF_PSEUDO_FUNC)
		return in_bounds((int64_t)pos + 1 + insn->imm, n);
	return CFG_NONE;
}

static void mark_at(struct cfg *c, uint32_t pos, uint8_t marks)
{
	if (pos != CFG_NONE && c->marks[pos] & MARK_INSN)
		c->marks[pos] |= marks;
}

/*
 * The number of jumps across the position before each instruction, as differences: the sum up to
 * it. Owned; NULL if out of memory.
 */
static int32_t *count_crossings(const struct bpf_insn *insns, uint32_t n)
{
	int32_t *change = calloc((size_t)n + 1, sizeof(*change));

	for (uint32_t i = 0; change && i < n; i += insn_slots(&insns[i])) {
		uint32_t target = cfg_target(&insns[i], i, n);

		if (target == CFG_NONE)
			continue;
		change[(target < i ? target : i) + 1]++;
		change[(target < i ? i : target) + 1]--;
	}
	return change;
}

/* Nothing falls through into a function, and no jump leads across its start, or to it. */
static int confirm_calls(struct cfg *c, const struct bpf_insn *insns, uint32_t n)
{
	auto_free int32_t *change = count_crossings(insns, n);
	int32_t crossings = 0;
	uint32_t before = 0;

	if (!change)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		enum flow flow = flow_of(&insns[before]);

		crossings += change[i];
		if (!(c->marks[i] & MARK_INSN))
			continue;
		if (c->marks[i] & MARK_CALLED && i && !crossings && flow != FLOW_ON &&
		    flow != FLOW_BRANCH)
			c->marks[i] |= MARK_FUNC | MARK_BLOCK;
		before = i;
	}
	return 0;
}

static int mark_funcs(struct cfg *c, const struct bpf_insn *insns, uint32_t n)
{
	for (uint32_t i = 0; i < n; i += insn_slots(&insns[i]))
		c->marks[i] |= MARK_INSN;
	mark_at(c, 0, MARK_FUNC | MARK_BLOCK);
	for (uint32_t i = 0; i < n; i += insn_slots(&insns[i]))
		mark_at(c, func_target(&insns[i], i, n), MARK_CALLED);
	return n ? confirm_calls(c, insns, n) : 0;
}

static void mark_blocks(struct cfg *c, const struct bpf_insn *insns, uint32_t n)
{
	for (uint32_t i = 0; i < n; i += insn_slots(&insns[i])) {
		if (flow_of(&insns[i]) == FLOW_ON)
			continue;
		mark_at(c, cfg_target(&insns[i], i, n), MARK_BLOCK);
		if (i + 1 < n)
			mark_at(c, i + 1, MARK_BLOCK);
	}
}

static int make_room(struct cfg *c, uint32_t n)
{
	size_t n_funcs = 0, n_blocks = 0;

	for (uint32_t i = 0; i < n; i++) {
		n_funcs += !!(c->marks[i] & MARK_FUNC);
		n_blocks += !!(c->marks[i] & MARK_BLOCK);
	}
	c->funcs = calloc(n_funcs + 1, sizeof(*c->funcs));
	c->blocks = calloc(n_blocks + 1, sizeof(*c->blocks));
	return c->funcs && c->blocks ? 0 : -ENOMEM;
}

static void cut(struct cfg *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (c->marks[i] & MARK_FUNC)
			c->funcs[c->n_funcs++] =
				(struct cfg_func){ .start = i, .first = c->n_blocks };
		if (c->marks[i] & MARK_BLOCK) {
			c->blocks[c->n_blocks++] = (struct cfg_block){ .start = i };
			c->funcs[c->n_funcs - 1].n_blocks++;
		}
		c->blocks[c->n_blocks - 1].end = i + 1;
		c->funcs[c->n_funcs - 1].end = i + 1;
	}
}

/* The block of a function that starts at pos. */
static uint32_t find_block(const struct cfg *c, const struct cfg_func *f, uint32_t pos)
{
	const struct cfg_block *blocks = &c->blocks[f->first];
	size_t i = count_before(blocks, f->n_blocks, b, b->start < pos);

	return i < f->n_blocks && blocks[i].start == pos ? f->first + (uint32_t)i : CFG_NONE;
}

static void join(struct cfg *c, const struct cfg_func *f, const struct bpf_insn *insns, uint32_t n)
{
	for (uint32_t i = f->first; i < f->first + f->n_blocks; i++) {
		struct cfg_block *b = &c->blocks[i];
		uint32_t last = b->end - 1, target;
		enum flow flow;

		/* for a wide load the last slot is its second half, not an instruction */
		flow = c->marks[last] & MARK_INSN ? flow_of(&insns[last]) : FLOW_ON;
		target = c->marks[last] & MARK_INSN ? cfg_target(&insns[last], last, n) : CFG_NONE;
		b->next = flow == FLOW_ON || flow == FLOW_BRANCH ? find_block(c, f, b->end)
								 : CFG_NONE;
		b->jump = target == CFG_NONE ? CFG_NONE : find_block(c, f, target);
		b->is_indirect = flow == FLOW_INDIRECT;
		b->exits = flow == FLOW_EXIT ||
			   (b->next == CFG_NONE && b->jump == CFG_NONE && !b->is_indirect);
	}
}

int cfg_build(const struct bpf_insn *insns, uint32_t n, const uint32_t *starts, uint32_t n_starts,
	      struct cfg *ret)
{
	struct cfg c = { .marks = calloc(n ? n : 1, 1) };
	int err = c.marks ? 0 : -ENOMEM;

	if (!err) {
		err = mark_funcs(&c, insns, n);
		for (uint32_t i = 0; !err && i < n_starts; i++)
			if (starts[i] < n)
				mark_at(&c, starts[i], MARK_FUNC | MARK_BLOCK);
		mark_blocks(&c, insns, n);
		err = err ?: make_room(&c, n);
	}
	if (err) {
		cfg_free(&c);
		return err;
	}
	cut(&c, n);
	for (uint32_t i = 0; i < c.n_funcs; i++)
		join(&c, &c.funcs[i], insns, n);
	*ret = c;
	return 0;
}

void cfg_free(struct cfg *c)
{
	free(c->funcs);
	free(c->blocks);
	free(c->marks);
	*c = (struct cfg){};
}
