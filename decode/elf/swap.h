/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BPF objects for machines of the other byte order, turned round so that all else can read them:
 * headers, symbols, relocations, instructions, BTF, .BTF.ext, legacy map definitions. The bytes of
 * variables stay as they are, as only their types could tell where numbers lie.
 */
#ifndef DECODE_ELF_SWAP_H
#define DECODE_ELF_SWAP_H

#include "cli/defs.h"

struct err;

/*
 * 0: *ret is a turned copy of the same length (owned, free()); 1: it needs none (no ELF file, or of
 * this machine's order; *ret untouched); else a negative errno with the error stored.
 */
int elf_swap(struct err *e, const void *elf, size_t len, void **ret);

#endif
