// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Blocks and edges of every kind of jump, functions by BTF and by calls, and invalid code. */
#include "cli/buf.h"
#include "decode/code/cfg.h"
#include "decode/code/lanes.h"
#include "tap.h"

#define I(c, d, s, o, i) { .code = c, .dst_reg = d, .src_reg = s, .off = o, .imm = i }
#define MOV I(0xb7, 0, 0, 0, 0)
#define EXIT I(0x95, 0, 0, 0, 0)
#define JEQ(off) I(0x15, 1, 0, off, 0)
#define JA(off) I(0x05, 0, 0, off, 0)
#define GOTOL(imm) I(0x06, 0, 0, 0, imm)
#define MAY_GOTO(off) I(0xe5, 0, 0, off, 0)
#define GOTOX I(0x0d, 1, 0, 0, 0)
#define CALL(off) I(0x85, 0, 1, off, 1)
#define HELPER I(0x85, 0, 0, 0, 12)
#define WIDE I(0x18, 1, 0, 0, 0), I(0, 0, 0, 0, 0)
#define FUNC(imm) I(0x18, 2, 4, 0, imm), I(0, 0, 0, 0, 0)

/* "0-3:exit 3-5>1,2": start-end of each block, its successors; functions separated by "/". */
static char *text_of(const struct cfg *c)
{
	char *text = calloc(1, 4096), *at = text;

	for (uint32_t f = 0; f < c->n_funcs; f++) {
		at += sprintf(at, "%s", f ? " /" : "");
		for (uint32_t i = c->funcs[f].first; i < c->funcs[f].first + c->funcs[f].n_blocks;
		     i++) {
			const struct cfg_block *b = &c->blocks[i];

			at += sprintf(at, "%s%u-%u", i ? " " : "", b->start, b->end);
			if (b->next != CFG_NONE)
				at += sprintf(at, ">%u", b->next);
			if (b->jump != CFG_NONE)
				at += sprintf(at, ">>%u", b->jump);
			if (b->exits)
				at += sprintf(at, ".");
			if (b->is_indirect)
				at += sprintf(at, "?");
		}
	}
	return text;
}

static const struct golden {
	const char *what;
	struct bpf_insn insns[16];
	uint32_t n, starts[3], n_starts;
	const char *text;
} goldens[] = {
	{ "one block", { MOV, EXIT }, 2, { 0 }, 0, "0-2." },
	{ "a condition", { JEQ(1), MOV, EXIT }, 3, { 0 }, 0, "0-1>1>>2 1-2>2 2-3." },
	{ "an early exit", { JEQ(2), MOV, EXIT, MOV, EXIT }, 5, { 0 }, 0, "0-1>1>>2 1-3. 3-5." },
	{ "goto", { MOV, JA(1), MOV, EXIT }, 4, { 0 }, 0, "0-2>>2 2-3>2 3-4." },
	{ "a loop", { MOV, JEQ(1), JA(-3), EXIT }, 4, { 0 }, 0, "0-2>1>>2 2-3>>0 3-4." },
	{ "gotol", { MOV, GOTOL(1), MOV, EXIT }, 4, { 0 }, 0, "0-2>>2 2-3>2 3-4." },
	{ "gotol back", { MOV, GOTOL(-2) }, 2, { 0 }, 0, "0-2>>0" },
	{ "may_goto", { MAY_GOTO(1), JA(-2), EXIT }, 3, { 0 }, 0, "0-1>1>>2 1-2>>0 2-3." },
	{ "gotox", { MOV, GOTOX, MOV, EXIT }, 4, { 0 }, 0, "0-2? 2-4." },
	{ "calls of helpers go on", { HELPER, MOV, EXIT }, 3, { 0 }, 0, "0-3." },
	{ "a wide load before a target",
	  { JEQ(2), WIDE, EXIT },
	  4,
	  { 0 },
	  0,
	  "0-1>1>>2 1-3>2 3-4." },
	{ "a local call", { CALL(1), EXIT, MOV, EXIT }, 4, { 0 }, 0, "0-2. / 2-4." },
	{ "a callback", { FUNC(2), EXIT, MOV, EXIT }, 5, { 0 }, 0, "0-3. / 3-5." },
	{ "a function nobody calls", { MOV, EXIT, MOV, EXIT }, 4, { 0, 2 }, 2, "0-2. / 2-4." },
	{ "jumps in the second function",
	  { CALL(1), EXIT, JEQ(1), MOV, EXIT },
	  5,
	  { 2 },
	  1,
	  "0-2. / 2-3>2>>3 3-4>3 4-5." },
	/* bpf_loop() inlined, its callback removed: the call leads to itself */
	{ "a call of what is behind it",
	  { JEQ(2), CALL(0), JEQ(-3), EXIT },
	  4,
	  { 0 },
	  0,
	  "0-1>1>>2 1-3>2>>0 3-4." },
	{ "a call into a loop",
	  { CALL(1), EXIT, MOV, JEQ(-3), EXIT },
	  5,
	  { 0 },
	  0,
	  "0-1>1 1-2. 2-4>3>>1 4-5." },
	{ "a callback that is fallen into", { FUNC(1), MOV, MOV, EXIT }, 5, { 0 }, 0, "0-5." },
	{ "a callback behind the end", { FUNC(9), CALL(0), EXIT }, 4, { 0 }, 0, "0-4." },
	{ "a function behind a jump back",
	  { CALL(2), JEQ(-2), EXIT, MOV, EXIT },
	  5,
	  { 0 },
	  0,
	  "0-2>1>>0 2-3. / 3-5." },
	/* what the verifier would reject */
	{ "a jump out of the program", { JEQ(100), EXIT }, 2, { 0 }, 0, "0-1>1 1-2." },
	{ "a jump before it", { JA(-7), EXIT }, 2, { 0 }, 0, "0-1. 1-2." },
	{ "a jump into a wide load", { JEQ(1), WIDE, EXIT }, 4, { 0 }, 0, "0-1>1 1-4." },
	{ "a jump into another function",
	  { JEQ(2), EXIT, MOV, EXIT },
	  4,
	  { 2 },
	  1,
	  "0-1>1 1-2. / 2-3>3 3-4." },
	{ "no exit", { MOV }, 1, { 0 }, 0, "0-1." },
	{ "half a wide load", { MOV, I(0x18, 1, 0, 0, 0) }, 2, { 0 }, 0, "0-2." },
	{ "functions beyond the end", { EXIT }, 1, { 7, 1 }, 2, "0-1." },
	{ "nothing", { EXIT }, 0, { 0 }, 0, "" },
};

static void test_goldens(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(goldens); i++) {
		const struct golden *g = &goldens[i];
		struct cfg c;

		if (cfg_build(g->insns, g->n, g->starts, g->n_starts, &c)) {
			ok(0, "%s", g->what);
			continue;
		}
		auto_free char *text = text_of(&c);

		is_str(text, g->text, g->what);
		cfg_free(&c);
	}
}

static void test_lanes(void)
{
	static const struct bpf_insn insns[] = { JEQ(3), JEQ(1), MOV, JA(-4), EXIT };
	static const char want[] = ",-,---> 0\n"
				   "| | ,-- 1\n"
				   "| | |   2\n"
				   "| `-`-> 3\n"
				   "`-----> 4\n";
	struct buf b = {};
	struct lanes l;
	struct cfg c;

	if (cfg_build(insns, 5, NULL, 0, &c) || lanes_build(&c, 0, &l)) {
		ok(0, "arrows");
		return;
	}
	for (uint32_t i = 0; i < 5; i++) {
		lanes_put(&l, i, LANES_AT, &b);
		buf_uint(&b, i);
		buf_putc(&b, '\n');
	}
	buf_putc(&b, '\0');
	is_str(b.data, want, "arrows");
	b.len = 0;
	lanes_put(&l, 1, LANES_BEFORE, &b);
	lanes_put(&l, 1, LANES_AFTER, &b);
	buf_putc(&b, '\0');
	is_str(b.data, "| |     | | |   ", "what passes before and behind an instruction");
	buf_free(&b);
	lanes_free(&l);
	cfg_free(&c);
}

/* Every opcode at every position of a small program: no crash, every instruction in one block. */
static void test_any(void)
{
	int good = 1;

	for (unsigned int code = 0; code < 256 * 6; code++) {
		struct bpf_insn insns[6] = { JEQ(1), MOV, CALL(1), EXIT, MOV, EXIT };
		uint32_t covered = 0;
		struct cfg c;

		insns[code / 256] = (struct bpf_insn)I(code % 256, 1, code & 7, -2, 2);
		if (cfg_build(insns, 6, NULL, 0, &c)) {
			good = 0;
			continue;
		}
		for (uint32_t i = 0; i < c.n_blocks; i++)
			covered += c.blocks[i].end - c.blocks[i].start;
		good &= covered == 6;
		cfg_free(&c);
	}
	ok(good, "any instruction anywhere");
}

int main(void)
{
	test_goldens();
	test_lanes();
	test_any();
	return tap_done();
}
