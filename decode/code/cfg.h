/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Control flow of BPF instructions: functions, blocks, and where each block continues. Knows only
 * the instruction set; its input is not trusted.
 */
#ifndef DECODE_CODE_CFG_H
#define DECODE_CODE_CFG_H

#include <linux/bpf.h>

#include "cli/defs.h"

#define CFG_NONE UINT32_MAX

struct cfg_block {
	uint32_t start, end;		/* instructions [start, end) */
	uint32_t next, jump; /* blocks: the following, the jump target; CFG_NONE: none */
	bool exits;			/* ends the function (or leads out of it) */
	bool is_indirect;		/* gotox: the target is known only at run time */
};

struct cfg_func {
	uint32_t start, end;		/* instructions */
	uint32_t first, n_blocks;	/* its blocks, in order of addresses */
};

struct cfg {
	struct cfg_func *funcs;
	struct cfg_block *blocks;
	uint32_t n_funcs, n_blocks;
	uint8_t *marks;			/* private to cfg.c */
};

/*
 * starts: the starts of functions, in any order, as far as the caller knows them (from BTF); 0 and
 * the targets of local calls and of function addresses are added, if nothing else leads to or
 * across them. Returns 0 or -ENOMEM. Free with cfg_free().
 */
int cfg_build(const struct bpf_insn *insns, uint32_t n, const uint32_t *starts, uint32_t n_starts,
	      struct cfg *ret);
void cfg_free(struct cfg *c);

/*
 * The instruction that insn at pos may jump to, besides the next; CFG_NONE: none, or not in [0, n).
 */
uint32_t cfg_target(const struct bpf_insn *insn, uint32_t pos, uint32_t n);

#endif
