/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BPF instructions as text (compat.md 16.1). Knows the instruction set, not the kernel: the caller
 * supplies names of calls and maps.
 */
#ifndef DECODE_CODE_INSN_H
#define DECODE_CODE_INSN_H

#include <linux/bpf.h>

#include "cli/defs.h"

#define INSN_TEXT_MAX 512

/* The source of names. Each writes into buf and returns true, or false if unknown. */
struct insn_names {
	/*
	 * BPF_CALL: "bpf_map_lookup_elem#1", "pc+13#bpf_prog_97d6_sub"...; everything after "call
	 * ". Without it, or if it returns false: pc+<imm>, kernel-function#<imm>, unknown#<imm>.
	 */
	bool (*call)(void *data, const struct bpf_insn *insn, char *buf, size_t size);
	/*
	 * The immediate of a wide load, everything after "rD = ". Without it, or if it returns
	 * false: "map[id:7]", "subprog[+3]"... by pseudo source, as in the kernel's own dumps.
	 */
	bool (*imm64)(void *data, const struct bpf_insn *insn, uint64_t imm, char *buf,
		      size_t size);
	void *data;
};

/* Slots the instruction takes: 2 for a wide load, else 1. */
static inline unsigned int insn_slots(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
}

/*
 * "(b7) r0 = 2". For a wide load insn[1] is read, too: the caller ensures that it exists (an image
 * that ends in half a wide load: pass n_left = 1). names may be NULL.
 */
void insn_text(const struct bpf_insn *insn, size_t n_left, const struct insn_names *names,
	       char buf[static INSN_TEXT_MAX]);

#endif
