/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Control flow of BPF instructions: functions, blocks, and where each block goes on. Knows the
 * instruction set only; nothing of what it is given is trusted.
 */
#ifndef DECODE_CODE_CFG_H
#define DECODE_CODE_CFG_H

#include <linux/bpf.h>

#include "cli/defs.h"

#define CFG_NONE UINT32_MAX

struct cfg_block {
	uint32_t start, end;		/* instructions [start, end) */
	uint32_t next, jump; /* blocks: the one behind, the one jumped to; CFG_NONE: no such way */
	bool exits;			/* ends the function (or leads out of it) */
	bool is_indirect;		/* gotox: only the program knows where to */
};

struct cfg_func {
	uint32_t start, end;		/* instructions */
	uint32_t first, n_blocks;	/* its blocks, in the order of addresses */
};

struct cfg {
	struct cfg_func *funcs;
	struct cfg_block *blocks;
	uint32_t n_funcs, n_blocks;
	uint8_t *marks;			/* cfg.c's own */
};

/*
 * starts: where functions begin, in any order, as far as the caller knows (from BTF); 0 and the
 * targets of local calls and of function addresses are added, where nothing else leads to or across
 * them. 0 or -ENOMEM. Free with cfg_free().
 */
int cfg_build(const struct bpf_insn *insns, uint32_t n, const uint32_t *starts, uint32_t n_starts,
	      struct cfg *ret);
void cfg_free(struct cfg *c);

/* The instruction that insn at pos may jump to, beyond going on; CFG_NONE: none, or not in [0, n).
 */
uint32_t cfg_target(const struct bpf_insn *insn, uint32_t pos, uint32_t n);

#endif
