// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map create: a new map, pinned at once (without a pin it would be freed when we exit). */
#include <errno.h>
#include <net/if.h>

#include "json_writer.h"
#include "kern/abi.h"
#include "kern/object/names.h"
#include "kern/object/token.h"
#include "kern/object/undo.h"
#include "load/map_rules.h"
#include "map/create.h"

/* The kernel only returns EINVAL; these are its rules for the types that have specific ones. */
static const struct {
	uint32_t type;
	const char *hint;
} rules[] = {
	{ BPF_MAP_TYPE_HASH, "a hash needs a key, a value and entries, all above 0" },
	{ BPF_MAP_TYPE_ARRAY, "an array needs 'key 4', a value and entries above 0" },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, "an array needs 'key 4', a value and entries above 0" },
	{ BPF_MAP_TYPE_PROG_ARRAY, "a program array needs 'key 4 value 4' and entries" },
	{ BPF_MAP_TYPE_PERF_EVENT_ARRAY, "a perf event array needs 'key 4 value 4' and entries" },
	{ BPF_MAP_TYPE_CGROUP_ARRAY, "a cgroup array needs 'key 4 value 4' and entries" },
	{ BPF_MAP_TYPE_STACK_TRACE,
	  "a stack trace map needs 'key 4' and values of 8 bytes per frame" },
	{ BPF_MAP_TYPE_LPM_TRIE, "an lpm_trie needs 'flags no_prealloc' and a key of 4 bytes "
				 "prefix length and 1 to 256 bytes" },
	{ BPF_MAP_TYPE_ARRAY_OF_MAPS, "maps of maps need 'value 4' and 'inner_map MAP', a template "
				      "for the maps in it" },
	{ BPF_MAP_TYPE_HASH_OF_MAPS, "maps of maps need 'value 4' and 'inner_map MAP', a template "
				     "for the maps in it" },
	{ BPF_MAP_TYPE_DEVMAP, "a devmap needs 'key 4', 'value 4' or 'value 8', and entries" },
	{ BPF_MAP_TYPE_DEVMAP_HASH,
	  "a devmap_hash needs 'key 4', 'value 4' or 'value 8', and entries" },
	{ BPF_MAP_TYPE_SOCKMAP, "a sockmap needs 'key 4', 'value 4' or 'value 8', and entries" },
	{ BPF_MAP_TYPE_SOCKHASH, "a sockhash needs a key, 'value 4' or 'value 8', and entries" },
	{ BPF_MAP_TYPE_CPUMAP, "a cpumap needs 'key 4', 'value 4' or 'value 8', and entries" },
	{ BPF_MAP_TYPE_XSKMAP, "an xskmap needs 'key 4 value 4' and entries" },
	{ BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,
	  "it needs 'key 4', 'value 4' or 'value 8', and entries" },
	{ BPF_MAP_TYPE_CGROUP_STORAGE,
	  "a cgroup storage needs 'key 8' or 'key 16', a value, and no entries" },
	{ BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
	  "a cgroup storage needs 'key 8' or 'key 16', a value, and no entries" },
	{ BPF_MAP_TYPE_QUEUE, "a queue needs no key, a value and entries; it takes no types" },
	{ BPF_MAP_TYPE_STACK, "a stack needs no key, a value and entries; it takes no types" },
	{ BPF_MAP_TYPE_BLOOM_FILTER, "a bloom filter needs no key, a value and entries" },
	{ BPF_MAP_TYPE_RINGBUF,
	  "a ring buffer has no key and no value; 'entries' is its size in bytes: a power of two "
	  "and a multiple of the page size" },
	{ BPF_MAP_TYPE_USER_RINGBUF,
	  "a ring buffer has no key and no value; 'entries' is its size in bytes: a power of two "
	  "and a multiple of the page size" },
	{ BPF_MAP_TYPE_STRUCT_OPS, "struct_ops maps come from object files only" },
	{ BPF_MAP_TYPE_SK_STORAGE, "local storage needs 'flags no_prealloc', no entries, and BTF: "
				   "'value_type TYPE from FILE'" },
	{ BPF_MAP_TYPE_INODE_STORAGE, "local storage needs 'flags no_prealloc', no entries, and "
				      "BTF: 'value_type TYPE from FILE'" },
	{ BPF_MAP_TYPE_TASK_STORAGE, "local storage needs 'flags no_prealloc', no entries, and "
				     "BTF: 'value_type TYPE from FILE'" },
	{ ABI_MAP_TYPE_CGRP_STORAGE, "local storage needs 'flags no_prealloc', no entries, and "
				     "BTF: 'value_type TYPE from FILE'" },
	{ ABI_MAP_TYPE_ARENA,
	  "an arena needs 'flags mmapable', no key, no value, and entries: pages" },
};

static bool is_made(struct abi_map_create attr, int token_fd)
{
	auto_close int fd = token_map_create(&attr, token_fd);

	return fd >= 0;
}

/* What was requested, and with which token. */
struct attempt {
	const struct map_create_args *args;
	const struct abi_map_create *attr;
	int token_fd;
};

/* The flags that the type requires. */
static uint32_t due_flags(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_LPM_TRIE:
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case ABI_MAP_TYPE_CGRP_STORAGE:
		return BPF_F_NO_PREALLOC;
	case ABI_MAP_TYPE_ARENA:
		return BPF_F_MMAPABLE;
	default:
		return 0;
	}
}

/* If sizes, flags and name follow the rules, the cause is another one. */
static bool fits_rules(const struct abi_map_create *attr)
{
	bool sized = attr->key_size && attr->value_size && attr->max_entries;

	switch (attr->map_type) {
	case BPF_MAP_TYPE_HASH:
		return sized;
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return sized && attr->key_size == 4;
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
		return !attr->key_size && attr->value_size && attr->max_entries &&
		       !attr->btf_value_type_id;
	default:
		return false;
	}
}

/* The kernel only returns EINVAL: which flags it accepts is found by trying. */
static bool hint_part(struct ctx *ctx, const struct attempt *t)
{
	struct abi_map_create attr = *t->attr;

	memset(attr.map_name, 0, sizeof(attr.map_name));
	if (is_made(attr, t->token_fd)) {
		err_hint(ctx->err, "a name has letters, digits, '_' and '.' only");
		return true;
	}
	memcpy(attr.map_name, t->attr->map_name, sizeof(attr.map_name));
	attr.map_flags &= due_flags(attr.map_type) | (t->args->numa_node ? BPF_F_NUMA_NODE : 0);
	if (attr.map_flags == t->attr->map_flags || !is_made(attr, t->token_fd))
		return false;
	err_hint(ctx->err, "flags 0x%x are invalid for this map; without them it can be created",
		 t->attr->map_flags & ~attr.map_flags);
	return true;
}

/* What the kernel itself says, since 7.2. */
static bool hint_reason(struct ctx *ctx, const struct attempt *t)
{
	struct abi_map_create attr = *t->attr;
	char log[512];

	token_map_reason(&attr, t->token_fd, log, sizeof(log));
	if (*log)
		err_hint(ctx->err, "the kernel says: %s", log);
	return *log;
}

/* CAP_SYS_ADMIN includes both: whoever has that is not denied. */
static const char *create_caps(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_XSKMAP:
		return "cap_bpf,cap_net_admin";
	default:
		return "cap_bpf";
	}
}

static int fail_create(struct ctx *ctx, const struct attempt *t, int err)
{
	const struct map_create_args *a = t->args;
	char why[MAP_RULE_MAX];
	size_t i;

	if (!ctx_is_bpftool(ctx) &&
	    map_rule_broken(&(struct map_geometry){ t->attr->map_type, t->attr->key_size,
						    t->attr->value_size, t->attr->max_entries,
						    t->attr->map_flags },
			    err, why))
		fail_msg(ctx->err, err, "create %s map '%s': %s", a->type, a->name, why);
	else
		fail(ctx->err, err, "create %s map '%s'", a->type, a->name);
	err_hint_denied(ctx->err, create_caps(t->attr->map_type));
	if (err == -E2BIG && t->args->owner)
		err_hint(ctx->err, "maps for one program alone need Linux 6.18");
	else if (err == -E2BIG)
		err_hint(ctx->err,
			 "key and value are too large together, or there are too many entries");
	if (hint_reason(ctx, t) || err != -EINVAL || hint_part(ctx, t) || fits_rules(t->attr))
		return err;
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].type == t->attr->map_type)
			err_hint(ctx->err, "%s", rules[i].hint);
	return err;
}

/* The kernel keeps 15 characters. */
static void cut_name(struct ctx *ctx, const char *name, char ret[static BPF_OBJ_NAME_LEN])
{
	snprintf(ret, BPF_OBJ_NAME_LEN, "%s", name);
	if (strlen(name) >= BPF_OBJ_NAME_LEN)
		notice(ctx, "name truncated to 15 characters: '%s'", ret);
}

static int find_dev(struct ctx *ctx, const struct map_create_args *a, uint32_t *ret)
{
	const char *dev = a->dev ? a->dev : a->old_dev;

	if (a->old_dev)
		notice(ctx, "'dev' is deprecated, use 'offload_dev'");
	*ret = dev ? if_nametoindex(dev) : 0;
	return dev && !*ret ? fail(ctx->err, -errno, "find interface '%s'", dev) : 0;
}

static int take_placement(struct ctx *ctx, const struct map_create_args *a,
			  struct abi_map_create *attr)
{
	int err = 0;

	attr->map_extra = a->map_extra;
	if (!a->numa_node)
		return 0;
	err = parse_u32(ctx->err, "numa_node", a->numa_node, &attr->numa_node);
	attr->map_flags |= BPF_F_NUMA_NODE;
	return err;
}

#define OWNER_SIZE 32		/* SHA-256 */

/* hash must live until the map is created. */
static int take_owner(struct ctx *ctx, const struct map_create_args *a, uint8_t *hash,
		      struct abi_map_create *attr)
{
	if (!a->owner)
		return 0;
	attr->excl_prog_hash = ptr_to_u64(hash);
	attr->excl_prog_hash_size = OWNER_SIZE;
	return parse_digest(ctx->err, "excl_prog_hash", a->owner, hash, OWNER_SIZE);
}

#define auto_types __attribute__((cleanup(map_types_free)))

static int open_inner(struct ctx *ctx, const struct ref *inner, int *ret_fd)
{
	return inner->how == REF_NONE ? 0 : obj_open(ctx, &obj_map, inner, OBJ_RDONLY, ret_fd);
}

static int map_create(struct ctx *ctx, const void *args)
{
	const struct map_create_args *a = args;
	struct abi_map_create attr = { .max_entries = a->entries, .map_flags = a->flags };
	auto_types struct map_types types = {};
	auto_close int inner_fd = -1;
	auto_close int token_fd = -1;
	auto_close int fd = -1;
	uint8_t owner[OWNER_SIZE];
	uint32_t type;
	int err = name_number(ctx, NAMES_MAP_TYPE, a->type, &type);

	if (err)
		return fail(ctx->err, err, "find map type '%s'", a->type);
	err = bpffs_check_pin(ctx, a->path);
	if (!err)
		err = find_dev(ctx, a, &attr.map_ifindex);
	if (!err)
		err = take_placement(ctx, a, &attr);
	if (!err)
		err = take_owner(ctx, a, owner, &attr);
	if (!err)
		err = open_inner(ctx, &a->inner, &inner_fd);
	if (!err && a->token)
		err = token_open(ctx, a->token, &token_fd);
	if (!err)
		err = map_types_load(ctx, a, type, token_fd, &types);
	if (err)
		return err;
	attr.map_type = type;
	attr.key_size = types.key_size;
	attr.value_size = types.value_size;
	if (inner_fd >= 0)
		attr.inner_map_fd = (uint32_t)inner_fd;
	if (types.btf) {
		attr.btf_fd = (uint32_t)types.btf_fd;
		attr.btf_key_type_id = types.key_id;
		attr.btf_value_type_id = types.value_id;
	}
	cut_name(ctx, a->name, attr.map_name);
	fd = token_map_create(&attr, token_fd);
	if (fd < 0)
		return fail_create(ctx, &(struct attempt){ a, &attr, token_fd }, fd);
	return undo_pin_last(ctx, fd, a->path);
}

static int take_flags(struct ctx *ctx, struct args *words, void *member)
{
	return parse_map_flags(ctx->err, args_next(words), member);
}

static const struct param map_create_params[] = {
	PARAM_PATH(struct map_create_args, path, "", "FILE", "a new path on a BPF file system",
		   .flags = PF_REQUIRED),
	PARAM_WORD(struct map_create_args, type, "type", "TYPE", map_type_words, "map type",
		   .flags = PF_REQUIRED),
	PARAM_U32(struct map_create_args, key_size, "key", "BYTES", "key size in bytes"),
	PARAM_U32(struct map_create_args, value_size, "value", "BYTES", "value size in bytes"),
	PARAM_U32(struct map_create_args, entries, "entries", "N", "maximum number of entries"),
	PARAM_WORD(struct map_create_args, name, "name", "NAME", NULL,
		   "map name, up to 15 characters", .flags = PF_REQUIRED),
	PARAM_CUSTOM(struct map_create_args, flags, uint32_t, "flags", "FLAGS", take_flags,
		     "a number, or names such as no_prealloc,rdonly_prog"),
	PARAM_REF(struct map_create_args, inner, "inner_map", "MAP", ref_words_map,
		  "template for the maps in a map of maps", .complete = obj_complete_map),
	PARAM_WORD(struct map_create_args, numa_node, "numa_node", "NODE", NULL,
		   "NUMA node to allocate on"),
	PARAM_U64(struct map_create_args, map_extra, "map_extra", "N",
		  "per type: hash functions of a bloom filter, address of an arena"),
	PARAM_WORD(struct map_create_args, key_type, "key_type", "KEY", NULL,
		   "key type, such as 'struct flow'"),
	PARAM_WORD(struct map_create_args, value_type, "value_type", "VALUE", NULL, "value type"),
	PARAM_PATH(struct map_create_args, from, "from", "OBJ",
		   "where types come from: an object file, a BTF file, or vmlinux (default)"),
	PARAM_PATH(struct map_create_args, token, "token", "BPFFS",
		   "use a token from this BPF file system"),
	PARAM_WORD(struct map_create_args, owner, "excl_prog_hash", "SHA256", NULL,
		   "only the program with this hash may use it"),
	PARAM_IFACE(struct map_create_args, dev, "offload_dev", "IF", "the device to offload it to",
		    .group = 1),
	PARAM_IFACE(struct map_create_args, old_dev, "dev", "IF", "deprecated name of offload_dev",
		    .group = 1, .flags = PF_HIDDEN),
	{}
};

const struct cmd map_create_cmd = {
	.name = "create", .help = "create a map and pin it to a file",
	.params = map_create_params, .args_size = sizeof(struct map_create_args),
	.run = map_create,
};
