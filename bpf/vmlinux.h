/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The part of the kernel that our in-kernel helpers access: only the members they read. Their
 * offsets in the running kernel are resolved when a helper is loaded (CO-RE), so order and
 * completeness do not matter; names and types do.
 */
#ifndef BPF_VMLINUX_H
#define BPF_VMLINUX_H

typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

enum { false, true };

#define NULL ((void *)0)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct super_block {
	unsigned long s_magic;
};

struct inode {
	struct super_block *i_sb;
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
};

struct path {
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	const void *f_op;
	void *private_data;
};

struct nsproxy;

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *open_fds;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	int pid, tgid;
	struct files_struct *files;
	struct task_struct *group_leader;
	char comm[16];
	struct nsproxy *nsproxy;
};

enum bpf_map_type { BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4, BPF_MAP_TYPE_PERCPU_ARRAY = 6 };

struct bpf_prog_aux {
	__u32 id;
};

enum bpf_prog_type { BPF_PROG_TYPE_PERF_EVENT = 7 };

struct bpf_prog {
	enum bpf_prog_type type;
	struct bpf_prog_aux *aux;
};

struct bpf_map {
	__u32 id;
};

struct btf {
	__u32 id;
};

enum bpf_link_type {
	BPF_LINK_TYPE_RAW_TRACEPOINT = 1,
	BPF_LINK_TYPE_CGROUP = 3,
	BPF_LINK_TYPE_XDP = 6,
	BPF_LINK_TYPE_PERF_EVENT = 7,
	BPF_LINK_TYPE_TCX = 11,
	BPF_LINK_TYPE_NETKIT = 13,
};

enum bpf_attach_type { BPF_CGROUP_INET_INGRESS };

struct bpf_link {
	__u32 id;
	enum bpf_link_type type;
	enum bpf_attach_type attach_type;	/* since 6.17 */
	struct bpf_prog *prog;
};

struct kernfs_node {
	__u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct bpf_cgroup_link {
	struct bpf_link link;
	struct cgroup *cgroup;
};

struct net;

struct nsproxy {
	struct net *net_ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	char name[16];
	int ifindex;
	possible_net_t nd_net;
};

struct bpf_xdp_link {
	struct bpf_link link;
	struct net_device *dev;
};

struct tcx_link {
	struct bpf_link link;
	struct net_device *dev;
};

struct netkit_link {
	struct bpf_link link;
	struct net_device *dev;
};

struct bpf_perf_link {
	struct bpf_link link;
	struct file *perf_file;
};

struct perf_event_attr {
	__u32 type;
	__u64 config;
};

struct perf_event {
	struct perf_event_attr attr;
	struct bpf_prog *prog;
	__u64 bpf_cookie;
};

#pragma clang attribute pop

struct seq_file;

/*
 * Context arguments have fixed offsets: not relocated, which saves the kernel a search through all
 * its types for each name.
 */
struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__bpf_link {
	struct bpf_iter_meta *meta;
	struct bpf_link *link;
};

#endif
