/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the files of the feature group share. */
#ifndef FEATURE_FEATURE_H
#define FEATURE_FEATURE_H

#include "cli/cmd.h"
#include "kern/probe/probe.h"

/* Capabilities without which some features cannot be tried. */
#define FEATURE_CAPS "cap_sys_admin,cap_bpf,cap_net_admin,cap_perfmon"

/* Batch operations by their bit. */
extern const char *const batch_words[N_PROBE_BATCH];

/* The text of the kernel's configuration, owned; NULL and *ret_err when there is none to read. */
char *kconfig_read(int *ret_err);
/* The value of an option ("y", "250") into buf; false when it is not set. */
bool kconfig_value(const char *text, const char *option, char *buf, size_t size);
/* Options feature probe tells, NULL-terminated. */
extern const char *const kconfig_options[];

#endif
