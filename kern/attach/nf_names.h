/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Netfilter families and hooks <-> words (compat.md section 5). */
#ifndef KERN_ATTACH_NF_NAMES_H
#define KERN_ATTACH_NF_NAMES_H

#include "cli/defs.h"

/* "ip", "inet"...; NULL if unknown. */
const char *nf_family_name(uint32_t pf);
/* "prerouting"...; the words depend on the family. NULL if unknown. */
const char *nf_hook_name(uint32_t pf, uint32_t hook);

#endif
