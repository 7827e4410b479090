// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Every opcode class compared with the expected text, and every opcode at the end of a page. */
#include <sys/mman.h>

#include "decode/code/insn.h"
#include "tap.h"

#define I(c, d, s, o, i) { .code = c, .dst_reg = d, .src_reg = s, .off = o, .imm = i }

static const struct golden {
	struct bpf_insn insn[2];
	const char *text;
} goldens[] = {
	/* 64-bit ALU, immediate and register */
	{ { I(0x07, 1, 0, 0, -8) }, "(07) r1 += -8" },
	{ { I(0x0f, 1, 2, 0, 0) }, "(0f) r1 += r2" },
	{ { I(0x17, 1, 0, 0, 5) }, "(17) r1 -= 5" },
	{ { I(0x1f, 1, 10, 0, 0) }, "(1f) r1 -= r10" },
	{ { I(0x27, 1, 0, 0, 3) }, "(27) r1 *= 3" },
	{ { I(0x2f, 1, 2, 0, 0) }, "(2f) r1 *= r2" },
	{ { I(0x37, 1, 0, 0, 3) }, "(37) r1 /= 3" },
	{ { I(0x3f, 1, 2, 0, 0) }, "(3f) r1 /= r2" },
	{ { I(0x47, 1, 0, 0, 3) }, "(47) r1 |= 3" },
	{ { I(0x4f, 1, 2, 0, 0) }, "(4f) r1 |= r2" },
	{ { I(0x57, 1, 0, 0, -1) }, "(57) r1 &= -1" },
	{ { I(0x5f, 1, 2, 0, 0) }, "(5f) r1 &= r2" },
	{ { I(0x67, 1, 0, 0, 32) }, "(67) r1 <<= 32" },
	{ { I(0x6f, 1, 2, 0, 0) }, "(6f) r1 <<= r2" },
	{ { I(0x77, 1, 0, 0, 32) }, "(77) r1 >>= 32" },
	{ { I(0x7f, 1, 2, 0, 0) }, "(7f) r1 >>= r2" },
	{ { I(0x87, 1, 0, 0, 0) }, "(87) r1 = -r1" },
	{ { I(0x97, 1, 0, 0, 7) }, "(97) r1 %= 7" },
	{ { I(0x9f, 1, 2, 0, 0) }, "(9f) r1 %= r2" },
	{ { I(0xa7, 1, 0, 0, 7) }, "(a7) r1 ^= 7" },
	{ { I(0xaf, 1, 2, 0, 0) }, "(af) r1 ^= r2" },
	{ { I(0xb7, 0, 0, 0, 2) }, "(b7) r0 = 2" },
	{ { I(0xb7, 0, 0, 0, INT32_MIN) }, "(b7) r0 = -2147483648" },
	{ { I(0xbf, 6, 1, 0, 0) }, "(bf) r6 = r1" },
	{ { I(0xc7, 1, 0, 0, 32) }, "(c7) r1 s>>= 32" },
	{ { I(0xcf, 1, 2, 0, 0) }, "(cf) r1 s>>= r2" },
	/* 32-bit ALU */
	{ { I(0x04, 1, 0, 0, 1) }, "(04) w1 += 1" },
	{ { I(0x0c, 1, 2, 0, 0) }, "(0c) w1 += w2" },
	{ { I(0x34, 1, 0, 0, 3) }, "(34) w1 /= 3" },
	{ { I(0x84, 3, 0, 0, 0) }, "(84) w3 = -w3" },
	{ { I(0xb4, 1, 0, 0, -1) }, "(b4) w1 = -1" },
	{ { I(0xbc, 1, 2, 0, 0) }, "(bc) w1 = w2" },
	{ { I(0xc4, 1, 0, 0, 3) }, "(c4) w1 s>>= 3" },
	{ { I(0xcc, 1, 2, 0, 0) }, "(cc) w1 s>>= w2" },
	/* signed division and modulo */
	{ { I(0x37, 1, 0, 1, -3) }, "(37) r1 s/= -3" },
	{ { I(0x3f, 1, 2, 1, 0) }, "(3f) r1 s/= r2" },
	{ { I(0x34, 1, 0, 1, -3) }, "(34) w1 s/= -3" },
	{ { I(0x9f, 1, 2, 1, 0) }, "(9f) r1 s%= r2" },
	{ { I(0x94, 1, 0, 1, 7) }, "(94) w1 s%= 7" },
	{ { I(0x9c, 1, 2, 1, 0) }, "(9c) w1 s%= w2" },
	/* moves that sign-extend, cast, or make a per-CPU address */
	{ { I(0xbf, 1, 2, 8, 0) }, "(bf) r1 = (s8)r2" },
	{ { I(0xbf, 1, 2, 16, 0) }, "(bf) r1 = (s16)r2" },
	{ { I(0xbf, 1, 2, 32, 0) }, "(bf) r1 = (s32)r2" },
	{ { I(0xbc, 1, 2, 8, 0) }, "(bc) w1 = (s8)w2" },
	{ { I(0xbc, 1, 2, 16, 0) }, "(bc) w1 = (s16)w2" },
	{ { I(0xbf, 1, 2, 1, 1) }, "(bf) r1 = addr_space_cast(r2, 0, 1)" },
	{ { I(0xbf, 1, 2, 1, 1 << 16) }, "(bf) r1 = addr_space_cast(r2, 1, 0)" },
	{ { I(0xbf, 0, 0, -1, 0) }, "(bf) r0 = &(void __percpu *)(r0)" },
	/* byte order */
	{ { I(0xdc, 1, 0, 0, 16) }, "(dc) r1 = be16 r1" },
	{ { I(0xdc, 1, 0, 0, 32) }, "(dc) r1 = be32 r1" },
	{ { I(0xdc, 1, 0, 0, 64) }, "(dc) r1 = be64 r1" },
	{ { I(0xd4, 1, 0, 0, 16) }, "(d4) r1 = le16 r1" },
	{ { I(0xd4, 1, 0, 0, 64) }, "(d4) r1 = le64 r1" },
	{ { I(0xd7, 1, 0, 0, 16) }, "(d7) r1 = bswap16 r1" },
	{ { I(0xd7, 1, 0, 0, 32) }, "(d7) r1 = bswap32 r1" },
	{ { I(0xd7, 1, 0, 0, 64) }, "(d7) r1 = bswap64 r1" },
	/* loads and stores */
	{ { I(0x71, 1, 2, 4, 0) }, "(71) r1 = *(u8 *)(r2 +4)" },
	{ { I(0x69, 1, 2, -2, 0) }, "(69) r1 = *(u16 *)(r2 -2)" },
	{ { I(0x61, 1, 2, 0, 0) }, "(61) r1 = *(u32 *)(r2 +0)" },
	{ { I(0x79, 1, 10, -8, 0) }, "(79) r1 = *(u64 *)(r10 -8)" },
	{ { I(0x91, 1, 2, 4, 0) }, "(91) r1 = *(s8 *)(r2 +4)" },
	{ { I(0x89, 1, 2, 4, 0) }, "(89) r1 = *(s16 *)(r2 +4)" },
	{ { I(0x81, 1, 2, 4, 0) }, "(81) r1 = *(s32 *)(r2 +4)" },
	{ { I(0x72, 10, 0, -1, 7) }, "(72) *(u8 *)(r10 -1) = 7" },
	{ { I(0x6a, 10, 0, -2, 7) }, "(6a) *(u16 *)(r10 -2) = 7" },
	{ { I(0x62, 10, 0, -4, -7) }, "(62) *(u32 *)(r10 -4) = -7" },
	{ { I(0x7a, 10, 0, -8, 0) }, "(7a) *(u64 *)(r10 -8) = 0" },
	{ { I(0x73, 10, 1, -1, 0) }, "(73) *(u8 *)(r10 -1) = r1" },
	{ { I(0x6b, 10, 1, -2, 0) }, "(6b) *(u16 *)(r10 -2) = r1" },
	{ { I(0x63, 10, 1, -4, 0) }, "(63) *(u32 *)(r10 -4) = r1" },
	{ { I(0x7b, 10, 1, 32767, 0) }, "(7b) *(u64 *)(r10 +32767) = r1" },
	{ { I(0xc2, 0, 0, 0, 0) }, "(c2) nospec" },
	/* atomics */
	{ { I(0xdb, 1, 2, 8, 0x00) }, "(db) lock *(u64 *)(r1 +8) += r2" },
	{ { I(0xc3, 1, 2, 0, 0x00) }, "(c3) lock *(u32 *)(r1 +0) += r2" },
	{ { I(0xdb, 1, 2, 8, 0x50) }, "(db) lock *(u64 *)(r1 +8) &= r2" },
	{ { I(0xdb, 1, 2, 8, 0x40) }, "(db) lock *(u64 *)(r1 +8) |= r2" },
	{ { I(0xc3, 1, 2, 8, 0xa0) }, "(c3) lock *(u32 *)(r1 +8) ^= r2" },
	{ { I(0xdb, 1, 2, 8, 0x01) }, "(db) r2 = atomic64_fetch_add((u64 *)(r1 +8), r2)" },
	{ { I(0xc3, 1, 2, 8, 0x01) }, "(c3) r2 = atomic_fetch_add((u32 *)(r1 +8), r2)" },
	{ { I(0xdb, 1, 2, 8, 0x51) }, "(db) r2 = atomic64_fetch_and((u64 *)(r1 +8), r2)" },
	{ { I(0xc3, 1, 2, 8, 0x41) }, "(c3) r2 = atomic_fetch_or((u32 *)(r1 +8), r2)" },
	{ { I(0xdb, 1, 2, -8, 0xa1) }, "(db) r2 = atomic64_fetch_xor((u64 *)(r1 -8), r2)" },
	{ { I(0xdb, 1, 2, 8, 0xe1) }, "(db) r2 = atomic64_xchg((u64 *)(r1 +8), r2)" },
	{ { I(0xc3, 1, 2, 8, 0xe1) }, "(c3) r2 = atomic_xchg((u32 *)(r1 +8), r2)" },
	{ { I(0xdb, 1, 2, 8, 0xf1) }, "(db) r0 = atomic64_cmpxchg((u64 *)(r1 +8), r0, r2)" },
	{ { I(0xc3, 1, 2, 8, 0xf1) }, "(c3) r0 = atomic_cmpxchg((u32 *)(r1 +8), r0, r2)" },
	{ { I(0xd3, 1, 2, 8, 0x100) }, "(d3) r1 = load_acquire((u8 *)(r2 +8))" },
	{ { I(0xcb, 1, 2, 8, 0x100) }, "(cb) r1 = load_acquire((u16 *)(r2 +8))" },
	{ { I(0xc3, 1, 2, 8, 0x100) }, "(c3) r1 = load_acquire((u32 *)(r2 +8))" },
	{ { I(0xdb, 1, 2, 8, 0x100) }, "(db) r1 = load_acquire((u64 *)(r2 +8))" },
	{ { I(0xd3, 1, 2, 8, 0x110) }, "(d3) store_release((u8 *)(r1 +8), r2)" },
	{ { I(0xdb, 1, 2, -8, 0x110) }, "(db) store_release((u64 *)(r1 -8), r2)" },
	{ { I(0xdb, 1, 2, 8, 0x77) }, "BUG_db" },
	{ { I(0xd3, 1, 2, 8, 0x00) }, "BUG_d3" },
	/* legacy packet loads */
	{ { I(0x30, 0, 0, 0, 23) }, "(30) r0 = *(u8 *)skb[23]" },
	{ { I(0x28, 0, 0, 0, 12) }, "(28) r0 = *(u16 *)skb[12]" },
	{ { I(0x20, 0, 0, 0, -4096) }, "(20) r0 = *(u32 *)skb[-4096]" },
	{ { I(0x50, 0, 7, 0, 14) }, "(50) r0 = *(u8 *)skb[r7 + 14]" },
	{ { I(0x48, 0, 7, 0, 14) }, "(48) r0 = *(u16 *)skb[r7 + 14]" },
	{ { I(0x40, 0, 7, 0, 14) }, "(40) r0 = *(u32 *)skb[r7 + 14]" },
	/* wide immediates */
	{ { I(0x18, 1, 0, 0, -1), I(0, 0, 0, 0, 0x12345678) }, "(18) r1 = 0x12345678ffffffff" },
	{ { I(0x18, 1, 0, 0, 5), I(0, 0, 0, 0, 0) }, "(18) r1 = 0x5" },
	{ { I(0x18, 1, 1, 0, 6555), I(0, 0, 0, 0, 0) }, "(18) r1 = map[id:6555]" },
	{ { I(0x18, 1, 2, 0, 6560), I(0, 0, 0, 0, 4) }, "(18) r1 = map[id:6560][0]+4" },
	{ { I(0x18, 1, 3, 0, 7), I(0, 0, 0, 0, 9) }, "(18) r1 = 0x900000007" },
	{ { I(0x18, 1, 4, 0, 7), I(0, 0, 0, 0, 0) }, "(18) r1 = subprog[+7]" },
	{ { I(0x18, 1, 4, 0, -7), I(0, 0, 0, 0, 0) }, "(18) r1 = subprog[-7]" },
	{ { I(0x18, 1, 5, 0, 3), I(0, 0, 0, 0, 0) }, "(18) r1 = map[idx:3]" },
	{ { I(0x18, 1, 6, 0, 3), I(0, 0, 0, 0, 8) }, "(18) r1 = map[idx:3]+8" },
	/* jumps */
	{ { I(0x15, 1, 0, 5, -1) }, "(15) if r1 == 0xffffffff goto pc+5" },
	{ { I(0x1d, 1, 2, -5, 0) }, "(1d) if r1 == r2 goto pc-5" },
	{ { I(0x25, 1, 0, 5, 16) }, "(25) if r1 > 0x10 goto pc+5" },
	{ { I(0x35, 1, 0, 5, 16) }, "(35) if r1 >= 0x10 goto pc+5" },
	{ { I(0x45, 1, 0, 5, 16) }, "(45) if r1 & 0x10 goto pc+5" },
	{ { I(0x55, 1, 0, 5, 0) }, "(55) if r1 != 0x0 goto pc+5" },
	{ { I(0x65, 1, 0, 5, 16) }, "(65) if r1 s> 0x10 goto pc+5" },
	{ { I(0x75, 1, 0, 5, 16) }, "(75) if r1 s>= 0x10 goto pc+5" },
	{ { I(0xad, 1, 2, 5, 0) }, "(ad) if r1 < r2 goto pc+5" },
	{ { I(0xb5, 1, 0, 5, 16) }, "(b5) if r1 <= 0x10 goto pc+5" },
	{ { I(0xc5, 1, 0, 5, 16) }, "(c5) if r1 s< 0x10 goto pc+5" },
	{ { I(0xd5, 1, 0, 5, 16) }, "(d5) if r1 s<= 0x10 goto pc+5" },
	{ { I(0x16, 1, 0, 5, 16) }, "(16) if w1 == 0x10 goto pc+5" },
	{ { I(0x5e, 1, 2, 5, 0) }, "(5e) if w1 != w2 goto pc+5" },
	{ { I(0x05, 0, 0, -3, 0) }, "(05) goto pc-3" },
	{ { I(0x06, 0, 0, 0, 70000) }, "(06) gotol pc+70000" },
	{ { I(0x0d, 3, 0, 0, 0) }, "(0d) gotox r3" },
	{ { I(0xe5, 0, 0, 4, 0) }, "(e5) may_goto pc+4" },
	{ { I(0x95, 0, 0, 0, 0) }, "(95) exit" },
	/* calls without names */
	{ { I(0x85, 0, 0, 0, 1) }, "(85) call unknown#1" },
	{ { I(0x85, 0, 1, 0, 7) }, "(85) call pc+7" },
	{ { I(0x85, 0, 2, 0, 4711) }, "(85) call kernel-function#4711" },
	/* invalid opcodes */
	{ { I(0xe7, 0, 0, 0, 0) }, "BUG_e7" },
	{ { I(0x8f, 0, 0, 0, 0) }, "BUG_8f" },
	{ { I(0xd7, 0, 0, 0, 17) }, "BUG_d7" },
	{ { I(0xdf, 0, 0, 0, 16) }, "BUG_df" },
	{ { I(0xe6, 0, 0, 0, 0) }, "BUG_e6" },
	{ { I(0xe5, 0, 1, 4, 0) }, "BUG_e5" },
	{ { I(0x8d, 1, 0, 0, 0) }, "BUG_8d" },
	{ { I(0x96, 0, 0, 0, 0) }, "BUG_96" },
	{ { I(0x38, 0, 0, 0, 0) }, "BUG_ld_38" },
	{ { I(0x00, 0, 0, 0, 0) }, "BUG_ld_00" },
	{ { I(0x99, 0, 0, 0, 0) }, "BUG_ldx_99" },
	{ { I(0x01, 0, 0, 0, 0) }, "BUG_ldx_01" },
	{ { I(0x02, 0, 0, 0, 0) }, "BUG_st_02" },
	{ { I(0x03, 0, 0, 0, 0) }, "BUG_03" },
};

static void test_goldens(void)
{
	char buf[INSN_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(goldens); i++) {
		insn_text(goldens[i].insn, 2, NULL, buf);
		is_str(buf, goldens[i].text, goldens[i].text);
	}
}

static bool name_call(void *data, const struct bpf_insn *insn, char *buf, size_t size)
{
	if (insn->imm != 1)
		return false;
	snprintf(buf, size, "%s#%d", (const char *)data, insn->imm);
	return true;
}

static bool name_imm(void *data, const struct bpf_insn *insn, uint64_t imm, char *buf, size_t size)
{
	(void)data;
	if (insn->src_reg != BPF_PSEUDO_MAP_FD)
		return false;
	snprintf(buf, size, "map %llu", (unsigned long long)imm);
	return true;
}

static void test_names(void)
{
	static const struct bpf_insn insns[] = {
		I(0x85, 0, 0, 0, 1), I(0x85, 0, 0, 0, 2), I(0x18, 1, 1, 0, 7), I(0, 0, 0, 0, 0),
		I(0x18, 1, 0, 0, 7), I(0, 0, 0, 0, 0),
	};
	char helper[] = "lookup";
	const struct insn_names names = { .call = name_call, .imm64 = name_imm, .data = helper };
	char buf[INSN_TEXT_MAX];

	insn_text(&insns[0], 1, &names, buf);
	is_str(buf, "(85) call lookup#1", "a call the caller has a name for");
	insn_text(&insns[1], 1, &names, buf);
	is_str(buf, "(85) call unknown#2", "a call it has none for");
	insn_text(&insns[2], 2, &names, buf);
	is_str(buf, "(18) r1 = map 7", "an immediate the caller has a name for");
	insn_text(&insns[4], 2, &names, buf);
	is_str(buf, "(18) r1 = 0x7", "an immediate it has none for");
}

/* Each instruction is the last one before an unreadable page. */
static void test_bounds(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct bpf_insn *last = (struct bpf_insn *)(two + page) - 1;
	char buf[INSN_TEXT_MAX];
	bool all_text = true;

	ok(!mprotect(two + page, page, PROT_NONE), "a guard page");
	for (unsigned int code = 0; code < 256; code++)
		for (int off = -1; off < 33; off++) {
			*last = (struct bpf_insn)I(code, 15, code & 15, off, -off * 0x10);
			buf[0] = 0;
			insn_text(last, 1, NULL, buf);
			all_text &= strlen(buf) > 5;
		}
	ok(all_text, "every opcode has a text");
	*last = (struct bpf_insn)I(0x18, 1, 0, 0, 7);
	insn_text(last, 1, NULL, buf);
	is_str(buf, "BUG_ld_18", "half a wide load");
	munmap(two, 2 * page);
}

int main(void)
{
	test_goldens();
	test_names();
	test_bounds();
	return tap_done();
}
