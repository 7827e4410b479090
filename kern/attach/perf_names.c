// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* perf's words for events: types and configs (compat.md section 5). */
#include <linux/perf_event.h>

#include "kern/attach/perf_names.h"

static const char *const event_types[] = {
	"hardware", "software", "tracepoint", "hw-cache", "raw", "breakpoint",
};
static const char *const hw_events[] = {
	"cpu-cycles", "instructions", "cache-references", "cache-misses", "branch-instructions",
	"branch-misses", "bus-cycles", "stalled-cycles-frontend", "stalled-cycles-backend",
	"ref-cycles",
};
static const char *const sw_events[] = {
	"cpu-clock", "task-clock", "page-faults", "context-switches", "cpu-migrations",
	"minor-faults", "major-faults", "alignment-faults", "emulation-faults", "dummy",
	"bpf-output", "cgroup-switches",
};
static const char *const caches[] = {
	"L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node",
};
static const char *const cache_ops[] = { "load", "store", "prefetch" };
static const char *const cache_results[] = { "refs", "misses" };

#define NAME_OR_NULL(words, i) ((i) < ARRAY_SIZE(words) ? (words)[i] : NULL)

/* "LLC-load-misses"; an unknown part is printed as its number. */
static const char *cache_event(uint64_t config, char *buf, size_t size)
{
	const char *parts[3] = {
		NAME_OR_NULL(caches, config & 0xff),
		NAME_OR_NULL(cache_ops, config >> 8 & 0xff),
		NAME_OR_NULL(cache_results, config >> 16 & 0xff),
	};
	size_t len = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i])
			len += snprintf(buf + len, size - len, "%s%s", i ? "-" : "", parts[i]);
		else
			len += snprintf(buf + len, size - len, "%s%u", i ? "-" : "",
					(unsigned int)(config >> 8 * i & 0xff));
	}
	return buf;
}

const char *perf_type_name(uint32_t type)
{
	return NAME_OR_NULL(event_types, type);
}

const char *perf_config_name(uint32_t type, uint64_t config, char buf[static PERF_CONFIG_MAX])
{
	switch (type) {
	case PERF_TYPE_HARDWARE:
		return NAME_OR_NULL(hw_events, config);
	case PERF_TYPE_SOFTWARE:
		return NAME_OR_NULL(sw_events, config);
	case PERF_TYPE_HW_CACHE:
		return cache_event(config, buf, PERF_CONFIG_MAX);
	default:
		return NULL;
	}
}
