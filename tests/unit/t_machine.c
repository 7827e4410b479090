// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Machine code of several architectures; without capstone only that the bytes are printed. */
#include "decode/code/machine.h"
#include "tap.h"

static const struct golden {
	const char *arch;
	unsigned int flags;
	uint8_t code[12];
	size_t len;
	const char *text;		/* mnemonic operands target */
} goldens[] = {
	{ "x86_64", 0, { 0x55 }, 1, "pushq %rbp" },
	{ "x86_64", MACHINE_INTEL, { 0x55 }, 1, "push rbp" },
	{ "x86_64", 0, { 0x48, 0x8b, 0x47, 0x08 }, 4, "movq 8(%rdi), %rax" },
	{ "x86_64", 0, { 0xe8, 0x10, 0, 0, 0 }, 5, "callq 0x1015 1015" },
	{ "x86_64", 0, { 0x77, 0x02 }, 2, "ja 0x1004 1004" },
	{ "x86_64", 0, { 0xe9, 0xfb, 0xff, 0xff, 0xff }, 5, "jmp 0x1000 1000" },
	{ "x86_64", 0, { 0xff, 0xe0 }, 2, "jmpq *%rax" },
	{ "x86_64", MACHINE_INTEL, { 0xff, 0x10 }, 2, "call qword ptr [rax]" },
	{ "x86_64", 0, { 0xc3 }, 1, "retq " },
	{ "x86_64", 0, { 0x06 }, 1, ".byte 0x06" },
	{ "x86_64", 0, { 0x48, 0xb8 }, 2, ".byte 0x48" },
	{ "i686", 0, { 0x55 }, 1, "pushl %ebp" },
	{ "aarch64", 0, { 0xc0, 0x03, 0x5f, 0xd6 }, 4, "ret " },
	{ "aarch64", 0, { 0x02, 0x00, 0x00, 0x94 }, 4, "bl #0x1008 1008" },
	{ "aarch64", 0, { 0x40, 0x00, 0x00, 0x54 }, 4, "b.eq #0x1008 1008" },
	{ "armv7l", 0, { 0x1e, 0xff, 0x2f, 0xe1 }, 4, "bx lr" },
	{ "ppc64le", 0, { 0x20, 0x00, 0x80, 0x4e }, 4, "blr " },
	{ "ppc64", 0, { 0x4e, 0x80, 0x00, 0x20 }, 4, "blr " },
	{ "s390x", 0, { 0x07, 0xfe }, 2, "br %r14" },
	{ "mips64", 0, { 0x08, 0x00, 0xe0, 0x03 }, 4, "jr $ra" },
	{ "sparc64", 0, { 0x01, 0x00, 0x00, 0x00 }, 4, "nop " },
};

static void test_golden(const struct golden *g)
{
	char why[128] = "", text[512];
	struct machine *m = machine_open(g->arch, g->flags, why, sizeof(why));
	struct machine_insn insn;
	int n;

	if (!m) {
		ok(0, "%s: %s", g->arch, why);
		return;
	}
	machine_insn(m, g->code, g->len, 0x1000, &insn);
	n = snprintf(text, sizeof(text), "%s %s", insn.mnemonic, insn.operands);
	if (insn.has_target)
		snprintf(text + n, sizeof(text) - n, " %llx", (unsigned long long)insn.target);
	is_str(text, g->text, g->arch);
	machine_free(m);
}

static void test_constants(void)
{
	static const uint8_t wide[] = { 0x49, 0xbb, 1, 2, 3, 4, 5, 6, 7, 0xff };
	static const uint8_t narrow[] = { 0x48, 0xc7, 0xc7, 0xfe, 0xff, 0xff, 0xff };
	static const uint8_t other[] = { 0x48, 0xc7, 0x47, 0xfe, 0xff, 0xff, 0xff, 0x7f };
	char why[128];
	struct machine *m = machine_open("x86_64", 0, why, sizeof(why));
	struct machine_insn insn;
	uint64_t value = 0;

	machine_insn(m, wide, sizeof(wide), 0, &insn);
	ok(machine_wide_constant(m, &insn, &value) && value == 0xff07060504030201,
	   "a wide constant");
	machine_insn(m, narrow, sizeof(narrow), 0, &insn);
	ok(!machine_wide_constant(m, &insn, &value), "a narrow one is not wide");
	ok(machine_constant(m, &insn, &value) && value == (uint64_t)-2, "but sign-extended");
	machine_insn(m, other, sizeof(other), 0, &insn);
	ok(!machine_constant(m, &insn, &value), "a store is neither");
	machine_free(m);
}

/* For any bytes, all of them are printed, and none after them are read. */
static void test_any(const char *arch)
{
	char why[128];
	struct machine *m = machine_open(arch, 0, why, sizeof(why));
	uint8_t *code = malloc(4096 + 7);
	struct machine_insn insn;
	uint32_t seed = 1;
	size_t at = 0;
	int good = 1;

	for (size_t i = 0; i < 4096 + 7; i++) {
		seed = seed * 1103515245 + 12345;
		code[i] = seed >> 16;
	}
	while (at < 4096 + 7) {
		machine_insn(m, code + at, 4096 + 7 - at, at, &insn);
		good &= insn.len > 0 && insn.len <= 4096 + 7 - at && insn.mnemonic[0];
		at += insn.len ? insn.len : 1;
	}
	ok(good && at == 4096 + 7, "any bytes: %s", arch ? arch : "this machine");
	free(code);
	machine_free(m);
}

static void test_without(void)
{
	static const uint8_t code[] = { 0x55, 0x48, 0x89, 0xe5, 0x31, 0xc0, 0xc9, 0xc3, 0x90 };
	struct machine_insn insn;
	uint64_t value;

	machine_insn(NULL, code, sizeof(code), 0x1000, &insn);
	is_str(insn.mnemonic, ".byte", "without a disassembler: bytes");
	is_str(insn.operands, "0x55, 0x48, 0x89, 0xe5, 0x31, 0xc0, 0xc9, 0xc3", "eight at a time");
	ok(insn.len == 8 && !insn.has_target && !machine_constant(NULL, &insn, &value),
	   "and nothing more");
	machine_insn(NULL, code, 2, 0x1000, &insn);
	is_str(insn.operands, "0x55, 0x48", "never beyond the end");
}

int main(void)
{
	char why[128] = "";
	struct machine *m = machine_open("vax", 0, why, sizeof(why));

	ok(!m && why[0], "an unknown machine: %s", why);
	test_without();
	machine_free(NULL);
	if (!machine_is_there()) {
		ok(1, "machine code # SKIP no libcapstone");
		return tap_done();
	}
	for (size_t i = 0; i < ARRAY_SIZE(goldens); i++)
		test_golden(&goldens[i]);
	test_constants();
	test_any(NULL);
	test_any("aarch64");
	test_any("s390x");
	return tap_done();
}
