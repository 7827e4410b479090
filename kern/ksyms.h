/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Kernel symbols by address, read lazily: nothing is opened until an address is wanted, and reading
 * stops when all wanted addresses were found.
 */
#ifndef KERN_KSYMS_H
#define KERN_KSYMS_H

#include "cli/ctx.h"

struct ksyms;

struct ksyms *ksyms_new(void);		/* NULL if out of memory; opens nothing */
void ksyms_free(struct ksyms *k);

/* Registers an exact address that will be looked up. Returns 0 or -ENOMEM. */
int ksyms_want(struct ksyms *k, uint64_t addr);

/* The same for ksyms_call_base() + imm: translated calls refer to functions this way. */
int ksyms_want_call(struct ksyms *k, int32_t imm);

/*
 * From now on also keep, for wanted addresses that are not the start of a symbol, the symbol that
 * may contain them.
 */
void ksyms_accept_near(struct ksyms *k);

/*
 * Reads /proc/kallsyms until every wanted address was found (or to the end). Returns 0, or a
 * negative errno (then names are just missing): -EACCES if the kernel hides its addresses from us
 * (kernel.kptr_restrict, or no CAP_SYSLOG). Opens nothing if nothing is wanted.
 */
int ksyms_load(struct ksyms *k);
/* The same from an open file, which is read from its current position. */
int ksyms_read(struct ksyms *k, int fd);

/* Address of __bpf_call_base; 0 if no call was wanted or it was not found. */
uint64_t ksyms_call_base(const struct ksyms *k);

/* Name of a wanted address and its module ("" for the kernel); NULL if not found. */
const char *ksyms_name(const struct ksyms *k, uint64_t addr, const char **ret_module);

/*
 * With ksyms_accept_near(): the same, or the symbol that starts closest below it, at most 4 KB
 * away. ret_off: offset of the address from it.
 */
const char *ksyms_near_name(const struct ksyms *k, uint64_t addr, uint64_t *ret_off);

#endif
