/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Helpers by number: "bpf_map_lookup_elem" is 1. */
#ifndef KERN_OBJECT_HELPER_NAMES_H
#define KERN_OBJECT_HELPER_NAMES_H

#define N_HELPER_WORDS 212
extern const char *const helper_words[];	/* ends with NULL */

#endif
