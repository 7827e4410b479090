/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the files of the feature group. */
#ifndef FEATURE_FEATURE_H
#define FEATURE_FEATURE_H

#include "cli/cmd.h"
#include "kern/probe/probe.h"

/* Capabilities without which some features cannot be probed. */
#define FEATURE_CAPS "cap_sys_admin,cap_bpf,cap_net_admin,cap_perfmon"

/* Names of batch operations by their bit. */
extern const char *const batch_words[N_PROBE_BATCH];

/* The text of the kernel's configuration, owned; NULL and *ret_err if none can be read. */
char *kconfig_read(int *ret_err);
/* The value of an option ("y", "250") into buf; false if it is not set. */
bool kconfig_value(const char *text, const char *option, char *buf, size_t size);
/* Options that feature probe reports, NULL-terminated. */
extern const char *const kconfig_options[];

#endif
