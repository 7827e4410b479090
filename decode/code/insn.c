// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One BPF instruction as text. Every class has a decoder; unknown instructions are printed as BUG_
 * and the opcode, so that a dump of a newer kernel's program never stops halfway. Opcodes newer
 * than the system headers are defined here by their numbers in the instruction set.
 */
#include "decode/code/insn.h"

#include <inttypes.h>

/* Modes, sources and operations missing in linux/bpf.h of 6.1. */
enum {
	MODE_MEMSX = 0x80,
	MODE_NOSPEC = 0xc0,	/* only inside the kernel */
	OP_JCOND = 0xe0,
	ATOMIC_LOAD_ACQUIRE = 0x100,
	ATOMIC_STORE_RELEASE = 0x110,
	MOV_CAST = 1,		/* off of a mov: address space cast */
	MOV_PERCPU = -1,	/* off of a mov: per-CPU address, only inside the kernel */
};

/* The input of a decoder: the instruction, what follows it, and where to write the text. */
struct text {
	const struct bpf_insn *insn;
	size_t n_left;
	const struct insn_names *names;
	char *buf;
};

typedef void decoder(const struct text *t);

#define PUT(t, fmt, ...)                                                                           \
	snprintf((t)->buf, INSN_TEXT_MAX, "(%02x) " fmt, (t)->insn->code, ##__VA_ARGS__)

/* middle is "ld_" or similar: loads and stores say which kind was not understood. */
static void put_bug(const struct text *t, const char *middle)
{
	snprintf(t->buf, INSN_TEXT_MAX, "BUG_%s%02x", middle, t->insn->code);
}

static const char *size_type(uint8_t code, bool sign)
{
	static const char *const types[2][4] = {
		{ "u32", "u16", "u8", "u64" },
		{ "s32", "s16", "s8", NULL },
	};

	return types[sign][BPF_SIZE(code) >> 3];
}

/* Byte order: to big or little endian in the 32-bit class, an unconditional swap in the other. */
static void put_swap(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;
	bool is64 = BPF_CLASS(insn->code) == BPF_ALU64, to_be = BPF_SRC(insn->code) == BPF_TO_BE;
	const char *word = is64 ? "bswap" : to_be ? "be" : "le";

	if ((insn->imm != 16 && insn->imm != 32 && insn->imm != 64) || (is64 && to_be)) {
		put_bug(t, "");
		return;
	}
	PUT(t, "r%d = %s%d r%d", insn->dst_reg, word, insn->imm, insn->dst_reg);
}

/* Register moves with extensions. False: an ordinary one. */
static bool put_special_move(const struct text *t, char reg)
{
	const struct bpf_insn *insn = t->insn;
	bool is64 = BPF_CLASS(insn->code) == BPF_ALU64;

	if (insn->off == 8 || insn->off == 16 || insn->off == 32)
		PUT(t, "%c%d = (s%d)%c%d", reg, insn->dst_reg, insn->off, reg, insn->src_reg);
	else if (is64 && insn->off == MOV_CAST)
		PUT(t, "r%d = addr_space_cast(r%d, %u, %u)", insn->dst_reg, insn->src_reg,
		    (uint32_t)insn->imm >> 16, (uint32_t)insn->imm & 0xffff);
	else if (is64 && insn->off == MOV_PERCPU)
		PUT(t, "r%d = &(void __percpu *)(r%d)", insn->dst_reg, insn->src_reg);
	else
		return false;
	return true;
}

static const char *alu_op(const struct bpf_insn *insn)
{
	static const char *const ops[16] = {
		"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", NULL, "%=", "^=", "=", "s>>=",
	};

	if (insn->off == 1 && BPF_OP(insn->code) == BPF_DIV)
		return "s/=";
	if (insn->off == 1 && BPF_OP(insn->code) == BPF_MOD)
		return "s%=";
	return ops[insn->code >> 4];
}

static void put_alu(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;
	char reg = BPF_CLASS(insn->code) == BPF_ALU64 ? 'r' : 'w';
	bool is_reg = BPF_SRC(insn->code) == BPF_X;
	const char *op = alu_op(insn);

	if (BPF_OP(insn->code) == BPF_END)
		put_swap(t);
	else if (BPF_OP(insn->code) == BPF_NEG && !is_reg)
		PUT(t, "%c%d = -%c%d", reg, insn->dst_reg, reg, insn->dst_reg);
	else if (!op)
		put_bug(t, "");
	else if (!is_reg)
		PUT(t, "%c%d %s %d", reg, insn->dst_reg, op, insn->imm);
	else if (BPF_OP(insn->code) != BPF_MOV || !put_special_move(t, reg))
		PUT(t, "%c%d %s %c%d", reg, insn->dst_reg, op, reg, insn->src_reg);
}

static void put_call(const struct text *t)
{
	const struct insn_names *names = t->names;
	const struct bpf_insn *insn = t->insn;
	char name[INSN_TEXT_MAX - 16];

	if (names && names->call && names->call(names->data, insn, name, sizeof(name)))
		PUT(t, "call %s", name);
	else if (insn->src_reg == BPF_PSEUDO_CALL)
		PUT(t, "call pc%+d", insn->imm);
	else
		PUT(t, "call %s#%d",
		    insn->src_reg == BPF_PSEUDO_KFUNC_CALL ? "kernel-function" : "unknown",
		    insn->imm);
}

/* Unconditional jumps, calls and exits. False: a comparison, or unknown. */
static bool put_plain_jump(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;

	switch (insn->code) {
	case BPF_JMP | BPF_JA:
		PUT(t, "goto pc%+d", insn->off);
		return true;
	case BPF_JMP32 | BPF_JA:
		PUT(t, "gotol pc%+d", insn->imm);
		return true;
	case BPF_JMP | BPF_JA | BPF_X:
		PUT(t, "gotox r%d", insn->dst_reg);
		return true;
	case BPF_JMP | OP_JCOND:
		if (insn->src_reg != 0)
			return false;
		PUT(t, "may_goto pc%+d", insn->off);
		return true;
	case BPF_JMP | BPF_CALL:
		put_call(t);
		return true;
	case BPF_JMP | BPF_EXIT:
		PUT(t, "exit");
		return true;
	}
	return false;
}

static void put_jump(const struct text *t)
{
	static const char *const compares[16] = {
		NULL, "==", ">", ">=", "&", "!=", "s>", "s>=", NULL, NULL, "<", "<=", "s<", "s<=",
	};
	const struct bpf_insn *insn = t->insn;
	char reg = BPF_CLASS(insn->code) == BPF_JMP ? 'r' : 'w';
	const char *cmp = compares[insn->code >> 4];

	if (put_plain_jump(t))
		return;
	if (!cmp)
		put_bug(t, "");
	else if (BPF_SRC(insn->code) == BPF_X)
		PUT(t, "if %c%d %s %c%d goto pc%+d", reg, insn->dst_reg, cmp, reg, insn->src_reg,
		    insn->off);
	else
		PUT(t, "if %c%d %s 0x%x goto pc%+d", reg, insn->dst_reg, cmp, (uint32_t)insn->imm,
		    insn->off);
}

/* The immediate of a wide load by its pseudo source: a map, a function, or just a number. */
static void imm64_text(const struct bpf_insn *insn, uint64_t imm, char *buf, size_t size)
{
	uint32_t low = (uint32_t)imm, high = (uint32_t)(imm >> 32);

	switch (insn->src_reg) {
	case BPF_PSEUDO_MAP_FD:
		snprintf(buf, size, "map[id:%u]", low);
		break;
	case BPF_PSEUDO_MAP_VALUE:
		snprintf(buf, size, "map[id:%u][0]+%u", low, high);
		break;
	case BPF_PSEUDO_MAP_IDX:
		snprintf(buf, size, "map[idx:%u]", low);
		break;
	case BPF_PSEUDO_MAP_IDX_VALUE:
		snprintf(buf, size, "map[idx:%u]+%u", low, high);
		break;
	case BPF_PSEUDO_FUNC:
		snprintf(buf, size, "subprog[%+d]", (int32_t)low);
		break;
	default:
		snprintf(buf, size, "0x%" PRIx64, imm);
	}
}

static void put_imm64(const struct text *t)
{
	uint64_t imm = (uint64_t)(uint32_t)t->insn[1].imm << 32 | (uint32_t)t->insn->imm;
	const struct insn_names *names = t->names;
	char name[INSN_TEXT_MAX - 16];

	if (!names || !names->imm64 ||
	    !names->imm64(names->data, t->insn, imm, name, sizeof(name)))
		imm64_text(t->insn, imm, name, sizeof(name));
	PUT(t, "r%d = %s", t->insn->dst_reg, name);
}

/* Wide immediates, and the legacy packet loads: they load into r0. */
static void put_ld(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;
	const char *type = size_type(insn->code, false);
	bool is_wide = BPF_SIZE(insn->code) == BPF_DW;

	if (insn->code == (BPF_LD | BPF_IMM | BPF_DW) && t->n_left > 1)
		put_imm64(t);
	else if (BPF_MODE(insn->code) == BPF_ABS && !is_wide)
		PUT(t, "r0 = *(%s *)skb[%d]", type, insn->imm);
	else if (BPF_MODE(insn->code) == BPF_IND && !is_wide)
		PUT(t, "r0 = *(%s *)skb[r%d + %d]", type, insn->src_reg, insn->imm);
	else
		put_bug(t, "ld_");
}

static void put_ldx(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;
	bool sign = BPF_MODE(insn->code) == MODE_MEMSX;
	const char *type = size_type(insn->code, sign);

	if (type && (sign || BPF_MODE(insn->code) == BPF_MEM))
		PUT(t, "r%d = *(%s *)(r%d %+d)", insn->dst_reg, type, insn->src_reg, insn->off);
	else
		put_bug(t, "ldx_");
}

static void put_st(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;

	if (BPF_MODE(insn->code) == BPF_MEM)
		PUT(t, "*(%s *)(r%d %+d) = %d", size_type(insn->code, false), insn->dst_reg,
		    insn->off, insn->imm);
	else if (BPF_MODE(insn->code) == MODE_NOSPEC)
		PUT(t, "nospec");
	else
		put_bug(t, "st_");
}

/* Loads and stores with ordering: the only atomics of every width. False: another operation. */
static bool put_ordered(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;
	const char *type = size_type(insn->code, false);

	if (insn->imm == ATOMIC_LOAD_ACQUIRE)
		PUT(t, "r%d = load_acquire((%s *)(r%d %+d))", insn->dst_reg, type, insn->src_reg,
		    insn->off);
	else if (insn->imm == ATOMIC_STORE_RELEASE)
		PUT(t, "store_release((%s *)(r%d %+d), r%d)", type, insn->dst_reg, insn->off,
		    insn->src_reg);
	else
		return false;
	return true;
}

static void put_atomic(const struct text *t)
{
	static const struct {
		int32_t imm;
		const char *op, *name;
	} ops[] = {
		{ BPF_ADD, "+=", "add" }, { BPF_AND, "&=", "and" },
		{ BPF_OR, "|=", "or" },	  { BPF_XOR, "^=", "xor" },
	};
	const struct bpf_insn *insn = t->insn;
	const char *type = size_type(insn->code, false);
	const char *wide = BPF_SIZE(insn->code) == BPF_DW ? "64" : "";
	int dst = insn->dst_reg, src = insn->src_reg, off = insn->off;

	if (put_ordered(t))
		return;
	put_bug(t, "");
	if (BPF_SIZE(insn->code) != BPF_DW && BPF_SIZE(insn->code) != BPF_W)
		return;
	if (insn->imm == BPF_XCHG)
		PUT(t, "r%d = atomic%s_xchg((%s *)(r%d %+d), r%d)", src, wide, type, dst, off, src);
	else if (insn->imm == BPF_CMPXCHG)
		PUT(t, "r0 = atomic%s_cmpxchg((%s *)(r%d %+d), r0, r%d)", wide, type, dst, off,
		    src);
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (insn->imm == ops[i].imm)
			PUT(t, "lock *(%s *)(r%d %+d) %s r%d", type, dst, off, ops[i].op, src);
		else if (insn->imm == (ops[i].imm | BPF_FETCH))
			PUT(t, "r%d = atomic%s_fetch_%s((%s *)(r%d %+d), r%d)", src, wide,
			    ops[i].name, type, dst, off, src);
}

static void put_stx(const struct text *t)
{
	const struct bpf_insn *insn = t->insn;

	if (BPF_MODE(insn->code) == BPF_MEM)
		PUT(t, "*(%s *)(r%d %+d) = r%d", size_type(insn->code, false), insn->dst_reg,
		    insn->off, insn->src_reg);
	else if (BPF_MODE(insn->code) == BPF_ATOMIC)
		put_atomic(t);
	else
		put_bug(t, "");
}

void insn_text(const struct bpf_insn *insn, size_t n_left, const struct insn_names *names,
	       char buf[static INSN_TEXT_MAX])
{
	static decoder *const classes[8] = {
		[BPF_LD] = put_ld,	[BPF_LDX] = put_ldx,   [BPF_ST] = put_st,
		[BPF_STX] = put_stx,	[BPF_ALU] = put_alu,   [BPF_JMP] = put_jump,
		[BPF_JMP32] = put_jump, [BPF_ALU64] = put_alu,
	};
	const struct text t = { .insn = insn, .n_left = n_left, .names = names, .buf = buf };

	classes[BPF_CLASS(insn->code)](&t);
}
