/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The kernel's types that the refused programs read, by CO-RE. */
#ifndef REFUSED_KERNEL_H
#define REFUSED_KERNEL_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct nsproxy;

struct task_struct {
	int pid;
	int tgid;
	int exit_code;
	char comm[16];
	unsigned int flags;
	struct task_struct *real_parent;
	struct task_struct *parent;
	struct nsproxy *nsproxy;
};

struct sk_buff {
	unsigned int len;
	unsigned char *data;
};

struct pt_regs {
	unsigned long di, si, dx;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_map;

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};

#pragma clang attribute pop

struct trace_openat {
	__u64 common;
	long id;
	long dfd;
	const char *filename;
	long flags;
};

#endif
