/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Words for the type and config of a perf event. */
#ifndef KERN_ATTACH_PERF_NAMES_H
#define KERN_ATTACH_PERF_NAMES_H

#include "cli/defs.h"

#define PERF_CONFIG_MAX 64

/*
 * "hardware", "software"...; NULL for dynamic types of drivers, whose numbers differ per machine.
 */
const char *perf_type_name(uint32_t type);

/* "cpu-clock", "LLC-load-misses" (composed in buf); NULL: only the number is known. */
const char *perf_config_name(uint32_t type, uint64_t config, char buf[static PERF_CONFIG_MAX]);

#endif
