// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Kernel enums <-> words. Program types, helpers and section names have separate files.
 *
 * The running kernel is queried only for numbers beyond our tables: its BTF contains the
 * enumerator, and the result is kept for the rest of the run.
 */
#include <errno.h>
#include <ctype.h>
#include <strings.h>

#include <linux/bpf.h>

#include "cli/args.h"
#include "decode/btf/abi.h"
#include "decode/btf/find.h"
#include "kern/abi.h"
#include "kern/kernel.h"
#include "kern/object/helper_names.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"

#define WORD_MAX 128

const char *const map_type_words[] = {
	"unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash",
	"percpu_array", "stack_trace", "cgroup_array", "lru_hash", "lru_percpu_hash",
	"lpm_trie", "array_of_maps", "hash_of_maps", "devmap", "sockmap", "cpumap", "xskmap",
	"sockhash", "cgroup_storage", "reuseport_sockarray", "percpu_cgroup_storage", "queue",
	"stack", "sk_storage", "devmap_hash", "struct_ops", "ringbuf", "inode_storage",
	"task_storage", "bloom_filter", "user_ringbuf", "cgrp_storage", "arena", "insn_array",
	"rhash",
	NULL,
};

const char *const link_type_words[] = {
	"unspec", "raw_tracepoint", "tracing", "cgroup", "iter", "netns", "xdp", "perf_event",
	"kprobe_multi", "struct_ops", "netfilter", "tcx", "uprobe_multi", "netkit", "sockmap",
	"tracing_multi",
	NULL,
};

const char *const attach_type_words[] = {
	"cgroup_inet_ingress", "cgroup_inet_egress", "cgroup_inet_sock_create",
	"cgroup_sock_ops", "sk_skb_stream_parser", "sk_skb_stream_verdict", "cgroup_device",
	"sk_msg_verdict", "cgroup_inet4_bind", "cgroup_inet6_bind", "cgroup_inet4_connect",
	"cgroup_inet6_connect", "cgroup_inet4_post_bind", "cgroup_inet6_post_bind",
	"cgroup_udp4_sendmsg", "cgroup_udp6_sendmsg", "lirc_mode2", "flow_dissector",
	"cgroup_sysctl", "cgroup_udp4_recvmsg", "cgroup_udp6_recvmsg", "cgroup_getsockopt",
	"cgroup_setsockopt", "trace_raw_tp", "trace_fentry", "trace_fexit", "modify_return",
	"lsm_mac", "trace_iter", "cgroup_inet4_getpeername", "cgroup_inet6_getpeername",
	"cgroup_inet4_getsockname", "cgroup_inet6_getsockname", "xdp_devmap",
	"cgroup_inet_sock_release", "xdp_cpumap", "sk_lookup", "xdp", "sk_skb_verdict",
	"sk_reuseport_select", "sk_reuseport_select_or_migrate", "perf_event",
	"trace_kprobe_multi", "lsm_cgroup", "struct_ops", "netfilter", "tcx_ingress",
	"tcx_egress", "trace_uprobe_multi", "cgroup_unix_connect", "cgroup_unix_sendmsg",
	"cgroup_unix_recvmsg", "cgroup_unix_getpeername", "cgroup_unix_getsockname",
	"netkit_primary", "netkit_peer", "trace_kprobe_session", "trace_uprobe_session",
	"trace_fsession", "trace_fentry_multi", "trace_fexit_multi", "trace_fsession_multi",
	NULL,
};

/* The shorter words that "cgroup attach" and "detach" also accept, by number. */
static const char *const attach_short[] = {
	[0] = "ingress", [1] = "egress", [2] = "sock_create", [3] = "sock_ops", [6] = "device",
	[8] = "bind4", [9] = "bind6", [10] = "connect4", [11] = "connect6", [12] = "post_bind4",
	[13] = "post_bind6", [14] = "sendmsg4", [15] = "sendmsg6", [18] = "sysctl",
	[19] = "recvmsg4", [20] = "recvmsg6", [21] = "getsockopt", [22] = "setsockopt",
	[23] = "raw_tp", [24] = "fentry", [25] = "fexit", [26] = "mod_ret",
	[29] = "getpeername4", [30] = "getpeername6", [31] = "getsockname4",
	[32] = "getsockname6", [34] = "sock_release", [39] = "sk_skb_reuseport_select",
	[40] = "sk_skb_reuseport_select_or_migrate", [58] = "fsession",
};

const char *attach_short_name(uint32_t number)
{
	return number < ARRAY_SIZE(attach_short) ? attach_short[number] : NULL;
}

struct set {
	const char *const *words;
	size_t n;
	const char *enum_name, *prefix;	/* in the kernel's BTF */
	const char *begin;		/* replaces the prefix */
};

static struct set set_of(enum name_set which)
{
	/* The tables end with NULL: their sizes are known only where they are defined. */
	static const struct set sets[] = {
		[NAMES_PROG_TYPE] = { prog_type_words, N_PROG_TYPES, "bpf_prog_type",
				      "BPF_PROG_TYPE_", "" },
		[NAMES_MAP_TYPE] = { map_type_words, ARRAY_SIZE(map_type_words) - 1,
				     "bpf_map_type", "BPF_MAP_TYPE_", "" },
		[NAMES_LINK_TYPE] = { link_type_words, ARRAY_SIZE(link_type_words) - 1,
				      "bpf_link_type", "BPF_LINK_TYPE_", "" },
		[NAMES_ATTACH_TYPE] = { attach_type_words, ARRAY_SIZE(attach_type_words) - 1,
					"bpf_attach_type", "BPF_", "" },
		[NAMES_HELPER] = { helper_words, N_HELPER_WORDS, "bpf_func_id", "BPF_FUNC_",
				   "bpf_" },
	};

	return sets[which];
}

/* "BPF_PROG_TYPE_FOO" -> "foo"; false for marks such as __MAX_BPF_PROG_TYPE. */
static bool enum_word(const struct set *set, const char *name, char buf[static WORD_MAX])
{
	size_t len = strlen(set->begin);

	if (!has_prefix(name, set->prefix))
		return false;
	snprintf(buf, WORD_MAX, "%s%s", set->begin, name + strlen(set->prefix));
	for (char *c = buf + len; *c; c++)
		*c = tolower((unsigned char)*c);
	return true;
}

static const struct btf_type *find_enum(const struct btf_image *img, const struct set *set)
{
	uint32_t id = img ? btf_find(img, set->enum_name, 1u << BTF_KIND_ENUM) : 0;

	return id ? btf_image_type(img, id) : NULL;
}

/* The kernel's word for a number beyond our tables, into buf. */
static bool ask_kernel(struct ctx *ctx, const struct set *set, uint32_t number,
		       char buf[static WORD_MAX])
{
	const struct btf_image *img = kernel_btf(ctx, NULL);
	const struct btf_type *t = find_enum(img, set);
	const char *name;

	for (uint32_t i = 0; t && i < btf_items(t); i++) {
		if ((uint32_t)btf_image_value(img, t, i, &name) == number &&
		    enum_word(set, name, buf))
			return true;
	}
	return false;
}

const char *name_of(struct ctx *ctx, enum name_set which, uint32_t number)
{
	const struct set set = set_of(which);
	const uint64_t key = (uint64_t)which << 32 | number;
	const char *word;
	char buf[WORD_MAX];

	if (number < set.n)
		return set.words[number];
	if (kernel_word(ctx, key, &word))
		return word;
	return kernel_keep_word(ctx, key,
				ask_kernel(ctx, &set, number, buf) ? buf : NULL);
}

static int ask_kernel_number(struct ctx *ctx, const struct set *set, const char *word,
			     uint32_t *ret)
{
	const struct btf_image *img = kernel_btf(ctx, NULL);
	const struct btf_type *t = find_enum(img, set);
	const char *name;
	char buf[WORD_MAX];

	for (uint32_t i = 0; t && i < btf_items(t); i++) {
		uint32_t number = (uint32_t)btf_image_value(img, t, i, &name);

		if (!enum_word(set, name, buf) || !streq(buf, word))
			continue;
		*ret = number;
		return 0;
	}
	return -ENOENT;
}

int name_number(struct ctx *ctx, enum name_set which, const char *word, uint32_t *ret)
{
	const struct set set = set_of(which);

	for (size_t i = 0; i < set.n; i++) {
		if (streq(set.words[i], word)) {
			*ret = i;
			return 0;
		}
	}
	return ask_kernel_number(ctx, &set, word, ret);
}

/* Flags of map creation, by bit. */
static const char *const map_flag_words[] = {
	"no_prealloc", "no_common_lru", "numa_node", "rdonly", "wronly", "stack_build_id",
	"zero_seed", "rdonly_prog", "wronly_prog", "clone", "mmapable", "preserve_elems",
	"inner_map", "link", "path_fd", "vtype_btf_obj_fd", "token_fd", "segv_on_fault",
	"no_user_conv",
};

const char *map_flag_word(unsigned int bit)
{
	return bit < ARRAY_SIZE(map_flag_words) ? map_flag_words[bit] : NULL;
}

static int parse_map_flag(struct err *e, const char *word, uint32_t *flags)
{
	const char *name = strncasecmp(word, "BPF_F_", 6) ? word : word + 6;
	uint32_t number = 0;
	int err;

	if (word_is_number(word)) {
		err = parse_u32(e, "map flags", word, &number);
		*flags |= number;
		return err;
	}
	for (size_t i = 0; i < ARRAY_SIZE(map_flag_words); i++) {
		if (strcasecmp(map_flag_words[i], name) == 0) {
			*flags |= 1U << i;
			return 0;
		}
	}
	fail_usage(e, "unknown map flag '%s'", word);
	err_hint(e, "a number, or names such as no_prealloc,rdonly_prog or BPF_F_NO_PREALLOC");
	return -EINVAL;
}

int parse_map_flags(struct err *e, const char *text, uint32_t *ret)
{
	auto_free char *copy = strdup(text);
	char *rest = copy;
	uint32_t flags = 0;
	int err;

	if (!copy)
		return fail(e, -ENOMEM, "read map flags");
	while (rest) {
		err = parse_map_flag(e, strsep(&rest, ","), &flags);
		if (err)
			return err;
	}
	*ret = flags;
	return 0;
}
