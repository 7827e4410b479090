/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Kernel enums <-> words. Our own tables have the usual names (reference: compat.md 15); for
 * numbers beyond them the running kernel's BTF is searched once ("BPF_PROG_TYPE_FOO" -> "foo").
 */
#ifndef KERN_OBJECT_NAMES_H
#define KERN_OBJECT_NAMES_H

#include "cli/ctx.h"

enum name_set { NAMES_PROG_TYPE, NAMES_MAP_TYPE, NAMES_LINK_TYPE, NAMES_ATTACH_TYPE, NAMES_HELPER };

/*
 * The word for a number, NULL if unknown. The string lives as long as ctx->kernel (or forever if it
 * is from our tables).
 */
const char *name_of(struct ctx *ctx, enum name_set set, uint32_t number);

/*
 * The number for a word (exact), from our tables, then from the kernel's BTF. Returns 0 or -ENOENT.
 */
int name_number(struct ctx *ctx, enum name_set set, const char *word, uint32_t *ret);

/*
 * NULL-terminated tables in number order, for P_WORD rows, completion and list_builtins. Those of
 * program types and helpers have headers of their own.
 */
extern const char *const map_type_words[], *const link_type_words[], *const attach_type_words[];

/*
 * The short word for an attach type that "cgroup attach" also accepts ("ingress"), NULL if there is
 * none.
 */
const char *attach_short_name(uint32_t number);

/*
 * Section names that prog load's type accepts (compat.md 15.5): "xdp", "cgroup/skb", "kprobe".
 * Returns 0 and the program and attach type (attach UINT32_MAX: the section sets none), or -ENOENT.
 */
int section_types(const char *word, uint32_t *ret_prog_type, uint32_t *ret_attach_type);
extern const char *const section_words[];

/* The program type for this attach type, by the same table; 0 (unspec) if it contains none. */
uint32_t attach_prog_type(uint32_t attach_type);

/* The word for this bit of the flags of map creation, NULL if unknown. */
const char *map_flag_word(unsigned int bit);

/*
 * Map flags by name: "no_prealloc,rdonly_prog", "BPF_F_NO_PREALLOC", or a number, comma separated.
 * Returns 0, or -EINVAL with a usage error that contains the invalid word.
 */
int parse_map_flags(struct err *e, const char *text, uint32_t *ret);

#endif
