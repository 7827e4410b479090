/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Converts BPF objects for machines of the other byte order so that all other code can read them:
 * headers, symbols, relocations, instructions, BTF, .BTF.ext, legacy map definitions. The bytes of
 * variables are not converted, because only their types contain the positions of numbers.
 */
#ifndef DECODE_ELF_SWAP_H
#define DECODE_ELF_SWAP_H

#include "cli/defs.h"

struct err;

/*
 * Returns 0: *ret is a converted copy of the same length (owned, free()); 1: no conversion needed
 * (not an ELF file, or of this machine's byte order; *ret untouched); else a negative errno with
 * the error stored.
 */
int elf_swap(struct err *e, const void *elf, size_t len, void **ret);

#endif
