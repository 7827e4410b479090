// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* One row a map type: what its key, value, entries and flags must be. */
#include <errno.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "kern/abi.h"
#include "load/map_rules.h"

enum key_rule { KEY_ANY, KEY_NONE, KEY_4, KEY_CGROUP, KEY_PREFIX };
enum value_rule { VALUE_ANY, VALUE_NONE, VALUE_4, VALUE_4_OR_8, VALUE_FRAMES };
enum entries_rule { ENTRIES_ANY, ENTRIES_NONE, ENTRIES_RING };

struct map_rule {
	uint32_t type;
	enum key_rule key;
	enum value_rule value;
	enum entries_rule entries;
	uint32_t flags; /* that it must have */
	const char *flags_name;
};

#define NO_PREALLOC BPF_F_NO_PREALLOC, "BPF_F_NO_PREALLOC"

static const struct map_rule rules[] = {
	{ BPF_MAP_TYPE_HASH, KEY_ANY, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_PERCPU_HASH, KEY_ANY, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_LRU_HASH, KEY_ANY, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_LRU_PERCPU_HASH, KEY_ANY, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_ARRAY, KEY_4, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, KEY_4, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_PROG_ARRAY, KEY_4, VALUE_4, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_PERF_EVENT_ARRAY, KEY_4, VALUE_4, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_CGROUP_ARRAY, KEY_4, VALUE_4, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_STACK_TRACE, KEY_4, VALUE_FRAMES, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_LPM_TRIE, KEY_PREFIX, VALUE_ANY, ENTRIES_ANY, NO_PREALLOC },
	{ BPF_MAP_TYPE_ARRAY_OF_MAPS, KEY_4, VALUE_4, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_HASH_OF_MAPS, KEY_ANY, VALUE_4, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_DEVMAP, KEY_4, VALUE_4_OR_8, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_DEVMAP_HASH, KEY_4, VALUE_4_OR_8, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_SOCKMAP, KEY_4, VALUE_4_OR_8, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_SOCKHASH, KEY_ANY, VALUE_4_OR_8, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_CPUMAP, KEY_4, VALUE_4_OR_8, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_XSKMAP, KEY_4, VALUE_4, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, KEY_4, VALUE_4_OR_8, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_CGROUP_STORAGE, KEY_CGROUP, VALUE_ANY, ENTRIES_NONE, 0, NULL },
	{ BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, KEY_CGROUP, VALUE_ANY, ENTRIES_NONE, 0, NULL },
	{ BPF_MAP_TYPE_QUEUE, KEY_NONE, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_STACK, KEY_NONE, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_BLOOM_FILTER, KEY_NONE, VALUE_ANY, ENTRIES_ANY, 0, NULL },
	{ BPF_MAP_TYPE_RINGBUF, KEY_NONE, VALUE_NONE, ENTRIES_RING, 0, NULL },
	{ BPF_MAP_TYPE_USER_RINGBUF, KEY_NONE, VALUE_NONE, ENTRIES_RING, 0, NULL },
	{ BPF_MAP_TYPE_SK_STORAGE, KEY_4, VALUE_ANY, ENTRIES_NONE, NO_PREALLOC },
	{ BPF_MAP_TYPE_INODE_STORAGE, KEY_4, VALUE_ANY, ENTRIES_NONE, NO_PREALLOC },
	{ BPF_MAP_TYPE_TASK_STORAGE, KEY_4, VALUE_ANY, ENTRIES_NONE, NO_PREALLOC },
	{ ABI_MAP_TYPE_CGRP_STORAGE, KEY_4, VALUE_ANY, ENTRIES_NONE, NO_PREALLOC },
	{ ABI_MAP_TYPE_ARENA, KEY_NONE, VALUE_NONE, ENTRIES_ANY, BPF_F_MMAPABLE, "BPF_F_MMAPABLE" },
};

/* What each rule allows, in words; and the numbers. */
static const char *key_want(enum key_rule rule, uint32_t n)
{
	switch (rule) {
	case KEY_NONE:
		return n ? "be empty" : NULL;
	case KEY_4:
		return n != 4 ? "have 4 bytes" : NULL;
	case KEY_CGROUP:
		return n != 8 && n != 16 ? "have 8 or 16 bytes (struct bpf_cgroup_storage_key)"
					 : NULL;
	case KEY_PREFIX:
		return n < 5 || n > 260 ? "have 4 bytes for the prefix length and 1 to 256 more"
					: NULL;
	case KEY_ANY:
		break;
	}
	return n ? NULL : "have at least 1 byte";
}

static const char *value_want(enum value_rule rule, uint32_t n)
{
	switch (rule) {
	case VALUE_NONE:
		return n ? "be empty" : NULL;
	case VALUE_4:
		return n != 4 ? "have 4 bytes" : NULL;
	case VALUE_4_OR_8:
		return n != 4 && n != 8 ? "have 4 or 8 bytes" : NULL;
	case VALUE_FRAMES:
		return n < 8 || n % 8 ? "have 8 bytes per frame" : NULL;
	case VALUE_ANY:
		break;
	}
	return n ? NULL : "have at least 1 byte";
}

static const char *entries_want(enum entries_rule rule, uint32_t n)
{
	switch (rule) {
	case ENTRIES_NONE:
		return n ? "be 0" : NULL;
	case ENTRIES_RING:
		return !n || (n & (n - 1)) || n % (uint32_t)sysconf(_SC_PAGESIZE)
			       ? "be its size in bytes, a power of two and a multiple of the page "
				 "size"
			       : NULL;
	case ENTRIES_ANY:
		break;
	}
	return n ? NULL : "be above 0";
}

static bool size_broken(const struct map_rule *rule, const struct map_geometry *g,
			char ret[static MAP_RULE_MAX])
{
	const char *key = key_want(rule->key, g->key_size);
	const char *value = value_want(rule->value, g->value_size);
	const char *entries = entries_want(rule->entries, g->max_entries);

	if (key)
		snprintf(ret, MAP_RULE_MAX, "the key must %s, not %u", key, g->key_size);
	else if (value)
		snprintf(ret, MAP_RULE_MAX, "the value must %s, not %u", value, g->value_size);
	else if (entries)
		snprintf(ret, MAP_RULE_MAX, "max_entries must %s, not %u", entries, g->max_entries);
	return ret[0];
}

#define SIZE_LIMIT (4u << 20) /* about what the kernel allocates in one piece */

/* Limits of the kernel's allocators; only for a map that it called too big. */
static bool limit_broken(const struct map_geometry *g, char ret[static MAP_RULE_MAX])
{
	bool percpu = g->type == BPF_MAP_TYPE_PERCPU_ARRAY || g->type == BPF_MAP_TYPE_PERCPU_HASH ||
		      g->type == BPF_MAP_TYPE_LRU_PERCPU_HASH;

	if (percpu && g->value_size > 32768)
		snprintf(ret, MAP_RULE_MAX,
			 "the value can have at most 32768 bytes per CPU, not %u", g->value_size);
	else if (g->key_size > SIZE_LIMIT)
		snprintf(ret, MAP_RULE_MAX, "the key is too large: %u bytes", g->key_size);
	else if (g->value_size > SIZE_LIMIT)
		snprintf(ret, MAP_RULE_MAX, "the value is too large: %u bytes", g->value_size);
	else if (g->max_entries > 1 << 20)
		snprintf(ret, MAP_RULE_MAX, "%u entries are too many for their size",
			 g->max_entries);
	return ret[0];
}

bool map_rule_broken(const struct map_geometry *g, int err, char ret[static MAP_RULE_MAX])
{
	size_t i;

	ret[0] = '\0';
	if (err == -E2BIG)
		return limit_broken(g, ret);
	for (i = 0; err == -EINVAL && i < ARRAY_SIZE(rules); i++) {
		if (rules[i].type != g->type || size_broken(&rules[i], g, ret))
			continue;
		if ((g->flags & rules[i].flags) != rules[i].flags)
			snprintf(ret, MAP_RULE_MAX, "the flags must include %s",
				 rules[i].flags_name);
	}
	return ret[0];
}
