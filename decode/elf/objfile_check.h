/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Is an object file valid enough for libbpf? Version 1.1 trusts most numbers in BTF, and crashes or
 * loops on wrong ones.
 */
#ifndef DECODE_ELF_OBJFILE_CHECK_H
#define DECODE_ELF_OBJFILE_CHECK_H

#include "cli/defs.h"

struct err;

/*
 * Sections, symbols and BTF of a whole object file. Returns 0, or an error that names the invalid
 * part.
 */
int objfile_check(struct err *e, const void *elf, size_t len);
/* The same for objects that libbpf will link with others. */
int objfile_check_linkable(struct err *e, const void *elf, size_t len);

#endif
