/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * struct_ops maps with links are in SEC(".struct_ops.link"), a section that libbpf before 1.2
 * silently ignores. In memory it can be renamed to the older kind.
 */
#ifndef DECODE_ELF_OPS_LINK_H
#define DECODE_ELF_OPS_LINK_H

#include "cli/defs.h"

struct err;

/*
 * Returns 0: *ret is the object with the section renamed, owned: free(); its maps then lack the
 * flag BPF_F_LINK. 1: there is no such section (*ret untouched). Otherwise a negative errno with
 * the error stored.
 */
int ops_link_rename(struct err *e, const void *elf, size_t len, void **ret, size_t *ret_len);

#endif
