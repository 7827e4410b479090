/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * All symbols of the kernel, by address and by name: for many look-ups of any kind. kern/ksyms.h
 * finds a few exact addresses without reading everything.
 */
#ifndef KERN_SYMTAB_H
#define KERN_SYMTAB_H

#include "cli/defs.h"

struct symbol {
	uint64_t addr;
	const char *name, *module; /* module: "" for the kernel, "bpf" for code of programs */
};

struct symtab {
	struct symbol *all;		/* sorted by address; those of one address as in the file */
	size_t n, max;
	char *text;			/* owned: the names */
};

/*
 * Reads /proc/kallsyms, or the open file fd if it is not negative. Returns 0 or a negative errno:
 * -EACCES if the kernel hides its addresses. symtab_free() in any case.
 */
int symtab_load(struct symtab *t, int fd);
void symtab_free(struct symtab *t);

/*
 * The symbol that starts at or closest below addr, not further away than any function is long;
 * NULL: there is none. The size of symbols is not known.
 */
const struct symbol *symtab_at(const struct symtab *t, uint64_t addr);

/* "bpf_prog_6deef7357e7b4530_count" -> "count"; NULL: it is not the name of a BPF program. */
const char *symbol_bpf_name(const struct symbol *s);

#endif
