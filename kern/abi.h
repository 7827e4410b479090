/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What was added to the kernel's bpf(2) interface since Linux 6.1, whose headers are the oldest we
 * build with: layouts as of 6.18, with our own names so that newer headers do not collide. struct
 * bpf_prog_info and struct bpf_btf_info of 6.1 are still complete. Every struct must be zeroed
 * before use; an older kernel fills less.
 */
#ifndef KERN_ABI_H
#define KERN_ABI_H

#include <linux/types.h>

#define ABI_ENOTSUPP 524		/* an errno of the kernel alone */

enum abi_cmd { ABI_TOKEN_CREATE = 36, ABI_PROG_STREAM_READ = 37 };

enum abi_prog_type { ABI_PROG_TYPE_NETFILTER = 32 };

enum abi_map_type {
	ABI_MAP_TYPE_CGRP_STORAGE = 32,
	ABI_MAP_TYPE_ARENA = 33,
	ABI_MAP_TYPE_INSN_ARRAY = 34,
	ABI_MAP_TYPE_RHASH = 35,
};

enum abi_link_type {
	ABI_LINK_TYPE_RAW_TRACEPOINT = 1,
	ABI_LINK_TYPE_TRACING = 2,
	ABI_LINK_TYPE_CGROUP = 3,
	ABI_LINK_TYPE_ITER = 4,
	ABI_LINK_TYPE_NETNS = 5,
	ABI_LINK_TYPE_XDP = 6,
	ABI_LINK_TYPE_PERF_EVENT = 7,
	ABI_LINK_TYPE_KPROBE_MULTI = 8,
	ABI_LINK_TYPE_STRUCT_OPS = 9,
	ABI_LINK_TYPE_NETFILTER = 10,
	ABI_LINK_TYPE_TCX = 11,
	ABI_LINK_TYPE_UPROBE_MULTI = 12,
	ABI_LINK_TYPE_NETKIT = 13,
	ABI_LINK_TYPE_SOCKMAP = 14,
	ABI_LINK_TYPE_TRACING_MULTI = 15,
};

enum abi_attach_type {
	ABI_ATTACH_STRUCT_OPS = 44,
	ABI_ATTACH_NETFILTER = 45,
	ABI_ATTACH_TCX_INGRESS = 46,
	ABI_ATTACH_TCX_EGRESS = 47,
	ABI_ATTACH_TRACE_UPROBE_MULTI = 48,
	ABI_ATTACH_CGROUP_UNIX_CONNECT = 49,
	ABI_ATTACH_CGROUP_UNIX_SENDMSG = 50,
	ABI_ATTACH_CGROUP_UNIX_RECVMSG = 51,
	ABI_ATTACH_CGROUP_UNIX_GETPEERNAME = 52,
	ABI_ATTACH_CGROUP_UNIX_GETSOCKNAME = 53,
	ABI_ATTACH_NETKIT_PRIMARY = 54,
	ABI_ATTACH_NETKIT_PEER = 55,
	ABI_ATTACH_TRACE_KPROBE_SESSION = 56,
	ABI_ATTACH_TRACE_UPROBE_SESSION = 57,
	ABI_ATTACH_TRACE_FSESSION = 58,
};

/* The kind of a perf_event link (link_info.perf_event.type, since 6.6). */
enum abi_perf_event_type {
	ABI_PERF_EVENT_UNSPEC = 0,
	ABI_PERF_EVENT_UPROBE = 1,
	ABI_PERF_EVENT_URETPROBE = 2,
	ABI_PERF_EVENT_KPROBE = 3,
	ABI_PERF_EVENT_KRETPROBE = 4,
	ABI_PERF_EVENT_TRACEPOINT = 5,
	ABI_PERF_EVENT_EVENT = 6,
};

enum abi_map_flags {		/* map creation, after BPF_F_INNER_MAP */
	ABI_F_LINK = 1U << 13,
	ABI_F_PATH_FD = 1U << 14,
	ABI_F_VTYPE_BTF_OBJ_FD = 1U << 15,
	ABI_F_TOKEN_FD = 1U << 16,	/* for all commands that accept a token, since 6.9 */
	ABI_F_SEGV_ON_FAULT = 1U << 17,
	ABI_F_NO_USER_CONV = 1U << 18,
};

enum abi_elem_flags { ABI_F_CPU = 1U << 3 };	/* Linux 7.0: the CPU is in the upper 32 bits */

enum abi_prog_flags {		/* program load, after BPF_F_XDP_HAS_FRAGS */
	ABI_F_XDP_DEV_BOUND_ONLY = 1U << 6,
	ABI_F_TEST_REG_INVARIANTS = 1U << 7,
};

enum abi_attach_flags { ABI_F_BEFORE = 1U << 3, ABI_F_AFTER = 1U << 4, ABI_F_ID = 1U << 5 };

#define ABI_CGROUP_ITER_CHILDREN 5	/* after BPF_CGROUP_ITER_ANCESTORS_UP, since 7.0 */

enum abi_stream { ABI_STREAM_STDOUT = 1, ABI_STREAM_STDERR = 2 };

#define ABI_F_MULTI_RETURN (1U << 0)	/* kprobe_multi.flags, uprobe_multi.flags: at return */

struct abi_map_info {
	__u32 type, id;
	__u32 key_size, value_size, max_entries, map_flags;
	char name[16];
	__u32 ifindex, btf_vmlinux_value_type_id;
	__aligned_u64 netns_dev, netns_ino;
	__u32 btf_id, btf_key_type_id, btf_value_type_id;
	__u32 btf_vmlinux_id;
	__aligned_u64 map_extra;
	__aligned_u64 hash;		/* where to store the hash of the contents (6.18) */
	__u32 hash_size, pad;
};

/* Pointers and lengths of buffers are set by the caller, see obj_info() in kern/object/obj.h. */
struct abi_link_info {
	__u32 type, id, prog_id;
	union {
		struct {
			__aligned_u64 tp_name;
			__u32 tp_name_len;
			__aligned_u64 cookie;
		} raw_tracepoint;
		struct {
			__u32 attach_type;
			__u32 target_obj_id;	/* program for freplace, else BTF object */
			__u32 target_btf_id;
			__aligned_u64 cookie;
		} tracing;
		struct {
			__aligned_u64 cgroup_id;
			__u32 attach_type;
		} cgroup;
		struct {
			__aligned_u64 target_name;
			__u32 target_name_len;
			__u32 map_id;
			union {
				struct {
					__aligned_u64 cgroup_id;
					__u32 order;
				} cgroup;
				struct {
					__u32 tid, pid;
				} task;
			};
		} iter;
		struct {
			__u32 netns_ino, attach_type;
		} netns;
		struct {
			__u32 ifindex;
			__u32 attach_type;	/* tcx and netkit only */
		} dev;			/* xdp, tcx, netkit */
		struct {
			__u32 map_id;
			__u32 attach_type;	/* sockmap only */
		} map;			/* struct_ops, sockmap */
		struct {
			__u32 pf, hooknum;
			__s32 priority;
			__u32 flags;
		} netfilter;
		struct {
			__aligned_u64 addrs;
			__u32 count, flags;
			__aligned_u64 missed, cookies;
		} kprobe_multi;
		struct {
			__u32 attach_type, count, btf_obj_id;
			__aligned_u64 ids, addrs,
				cookies; /* ids: __u32, of functions in that BTF */
		} tracing_multi;
		struct {
			__aligned_u64 path, offsets, ref_ctr_offsets, cookies;
			__u32 path_size;	/* with the NUL */
			__u32 count, flags, pid;
		} uprobe_multi;
		struct {
			__u32 type;
			union {
				struct {
					__aligned_u64 file_name;
					__u32 name_len, offset;
					__aligned_u64 cookie, ref_ctr_offset;
				} uprobe;
				struct {
					__aligned_u64 func_name;
					__u32 name_len, offset;
					__aligned_u64 addr, missed, cookie;
				} kprobe;
				struct {
					__aligned_u64 tp_name;
					__u32 name_len;
					__aligned_u64 cookie;
				} tracepoint;
				struct {
					__aligned_u64 config;
					__u32 type;
					__aligned_u64 cookie;
				} event;
			};
		} perf_event;
	};
};

/* The parts of union bpf_attr for new commands and new members of old ones. */
struct abi_stream_read {	/* ABI_PROG_STREAM_READ: returns bytes read */
	__aligned_u64 buf;
	__u32 buf_len, stream_id, prog_fd;
};

struct abi_prog_query {		/* BPF_PROG_QUERY */
	__u32 target;		/* fd or ifindex */
	__u32 attach_type, query_flags, attach_flags;
	__aligned_u64 prog_ids;
	__u32 count, pad;
	__aligned_u64 prog_attach_flags, link_ids, link_attach_flags, revision;
};

struct abi_prog_attach {	/* BPF_PROG_ATTACH, BPF_PROG_DETACH; tcx and netkit since 6.6 */
	__u32 target;		/* fd or ifindex */
	__u32 prog_fd, attach_type, attach_flags, replace_fd;
	__u32 relative;		/* fd, or id with ABI_F_ID */
	__aligned_u64 expected_revision;
};

struct abi_map_create {		/* BPF_MAP_CREATE */
	__u32 map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
	char map_name[16];
	__u32 map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id, btf_vmlinux_value_type_id;
	__aligned_u64 map_extra;
	__s32 value_type_btf_obj_fd, map_token_fd;
	__aligned_u64 excl_prog_hash;	/* SHA-256 of the only program that may use it (6.18) */
	__u32 excl_prog_hash_size, pad;
};

/*
 * A flag of the command (about 7.2): the fourth and fifth argument of bpf(2) are this and its size.
 * The kernel writes there why it refuses to create a map.
 */
#define ABI_COMMON_ATTRS (1U << 16)
struct abi_common_attrs {
	__aligned_u64 log_buf;
	__u32 log_size, log_level, log_true_size, pad;
};

struct abi_prog_load {		/* BPF_PROG_LOAD */
	__u32 type, insn_cnt;
	__aligned_u64 insns, license;
	__u32 log_level, log_size;
	__aligned_u64 log_buf;
	__u32 kern_version, flags;
	char name[16];
	__u32 ifindex, expected_attach_type, btf_fd, func_info_rec_size;
	__aligned_u64 func_info;
	__u32 func_info_cnt, line_info_rec_size;
	__aligned_u64 line_info;
	__u32 line_info_cnt, attach_btf_id, attach_obj_fd, core_relo_cnt;
	__aligned_u64 fd_array, core_relos;
	__u32 core_relo_rec_size, log_true_size;
	__s32 token_fd;
	__u32 fd_array_cnt;
	__aligned_u64 signature; /* PKCS#7 of the instructions, unmodified (6.18) */
	__u32 signature_size;
	__s32 keyring_id;
};

struct abi_link_create {	/* BPF_LINK_CREATE */
	__u32 prog_fd;
	__u32 target;		/* fd or ifindex */
	__u32 attach_type, flags;
	union {
		struct {
			__u32 pf, hooknum;
			__s32 priority;
			__u32 flags;
		} netfilter;
		struct {
			__u32 relative;
			__aligned_u64 expected_revision;
		} tcx;
		struct {
			__aligned_u64 path, offsets, ref_ctr_offsets, cookies;
			__u32 cnt, flags, pid;
		} uprobe_multi;
	};
};

struct abi_token_create {	/* ABI_TOKEN_CREATE: returns an fd */
	__u32 flags, bpffs_fd;
};

struct abi_btf_load {		/* BPF_BTF_LOAD */
	__aligned_u64 btf, btf_log_buf;
	__u32 btf_size, btf_log_size, btf_log_level, btf_log_true_size, btf_flags;
	__s32 btf_token_fd;
};

#endif
