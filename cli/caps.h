/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Capabilities of this process: which are missing, and dropping some temporarily. */
#ifndef CLI_CAPS_H
#define CLI_CAPS_H

#include "cli/defs.h"

/*
 * The capabilities in need ("cap_bpf,cap_perfmon") that are not effective, as "CAP_BPF,
 * CAP_PERFMON"; "" if there are none.
 */
void caps_missing(const char *need, char *buf, size_t size);

/*
 * Are they held in a user namespace other than the initial one? Most of the kernel's checks do not
 * count them then.
 */
bool caps_of_user_namespace(void);

/*
 * Drops the capabilities in need from the effective set. *ret_saved is for caps_restore(). Returns
 * 0 or a negative errno.
 */
int caps_drop(const char *need, void **ret_saved);
int caps_restore(void *saved);

#endif
