/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Machine code as text, by capstone. The library is loaded when the first disassembler is opened:
 * neither the build nor any other command depends on it.
 */
#ifndef DECODE_CODE_MACHINE_H
#define DECODE_CODE_MACHINE_H

#include "cli/defs.h"

enum machine_flags {
	MACHINE_INTEL = 1 << 0,		/* x86: Intel's syntax, else AT&T's */
};

struct machine;

struct machine_insn {
	const uint8_t *bytes;		/* pointer into the given code */
	size_t len;			/* never 0, never beyond the end of the code */
	char mnemonic[32];
	char operands[160];		/* "" : none */
	bool has_target;		/* a jump or call that contains its destination */
	uint64_t target;
	size_t target_at;		/* its offset in operands ("0xffff..." to the end) */
};

/*
 * A disassembler for arch, as in uname -m; NULL: the machine we run on. Free with machine_free().
 * NULL if there is none, and then why says what is missing; errno is ENOSYS if that is not an error
 * (no library, an unsupported machine), else ENOMEM.
 */
struct machine *machine_open(const char *arch, unsigned int flags, char *why, size_t size);
void machine_free(struct machine *m);

/*
 * The instruction at the start of code, whose address is addr. Invalid bytes become ".byte";
 * without a disassembler (m is NULL) that is all of them, eight at a time. len > 0.
 */
void machine_insn(struct machine *m, const uint8_t *code, size_t len, uint64_t addr,
		  struct machine_insn *ret);

/*
 * x86-64: the 64-bit constant that the instruction moves to a register. Is it one with a 64-bit
 * immediate?
 */
bool machine_wide_constant(const struct machine *m, const struct machine_insn *insn, uint64_t *ret);
/* x86-64: any constant moved to a 64-bit register, including sign-extended ones. */
bool machine_constant(const struct machine *m, const struct machine_insn *insn, uint64_t *ret);

/* True if the library can be loaded (it stays loaded). */
bool machine_is_there(void);

#endif
