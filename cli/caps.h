/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Capabilities of this process: which are missing, and going without some for a while. */
#ifndef CLI_CAPS_H
#define CLI_CAPS_H

#include "cli/defs.h"

/* Those of need ("cap_bpf,cap_perfmon") that are not effective, as "CAP_BPF, CAP_PERFMON"; "" for
 * none. */
void caps_missing(const char *need, char *buf, size_t size);

/* Take those of need out of the effective set. *ret_saved is for caps_restore(). 0 or a negative
 * errno. */
int caps_drop(const char *need, void **ret_saved);
int caps_restore(void *saved);

#endif
