/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Kernel symbols by address, read lazily: nothing is opened until an address is wanted, and
 * reading stops when all wanted ones are found.
 */
#ifndef KERN_KSYMS_H
#define KERN_KSYMS_H

#include "cli/ctx.h"

struct ksyms;

struct ksyms *ksyms_new(void);		/* NULL when out of memory; opens nothing */
void ksyms_free(struct ksyms *k);

/* Tell beforehand which exact addresses will be asked for. 0 or -ENOMEM. */
int ksyms_want(struct ksyms *k, uint64_t addr);

/* The same for ksyms_call_base() + imm: how translated calls name what they call. */
int ksyms_want_call(struct ksyms *k, int32_t imm);

/* From now on remember, for wanted addresses that are none's beginning, whose inside they may be.
 */
void ksyms_accept_near(struct ksyms *k);

/*
 * Read /proc/kallsyms until every wanted address is known (or the end). 0, or a negative errno
 * (then names are just missing): -EACCES when the kernel hides its addresses from us
 * (kernel.kptr_restrict, or no CAP_SYSLOG). Nothing wanted: nothing is opened.
 */
int ksyms_load(struct ksyms *k);
/* The same from an open file, which is read from where it stands. */
int ksyms_read(struct ksyms *k, int fd);

/* Address of __bpf_call_base; 0 when no call was wanted or it was not found. */
uint64_t ksyms_call_base(const struct ksyms *k);

/* Name of a wanted address and its module ("" for the kernel); NULL if not found. */
const char *ksyms_name(const struct ksyms *k, uint64_t addr, const char **ret_module);

/*
 * With ksyms_accept_near(): the same, or the symbol that begins closest below, not further away
 * than 4 KB. ret_off: by how much the address lies above it.
 */
const char *ksyms_near_name(const struct ksyms *k, uint64_t addr, uint64_t *ret_off);

#endif
