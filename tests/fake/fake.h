/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The faked kernel: fixture.c reads its state from a text file, fake_bpf.c answers bpf(2),
 * files.c for the files that belong to it, net.c for network devices. See README.md for the fixture's lines.
 */
#ifndef FAKE_H
#define FAKE_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind { K_PROG, K_MAP, K_LINK, K_BTF, N_KINDS, K_NONE };

struct bytes {
	uint8_t *data;
	size_t len;
};

struct entry {
	struct bytes key, value;
};

struct object {
	enum kind kind;
	uint32_t id;
	union {
		struct bpf_prog_info prog;
		struct bpf_map_info map;
		struct bpf_link_info link;
		struct bpf_btf_info btf;
		uint8_t raw[256];
	} info;
	struct bytes insns, map_ids, func_info, btf;	/* what info's pointers lead to */
	char name[64];			/* btf: its name; link: its tp_name */
	struct entry *entries;
	size_t n_entries;
	char fdinfo[512];
};

struct pin {
	char path[256];
	struct object *object;
};

/* cmd as in the fixture ("open"); kind K_NONE and id 0 stand for any. */
struct failure {
	char cmd[16];
	enum kind kind;
	uint32_t id;
	int err;
};

struct file_rule {
	char path[256], instead[512];
};

struct net_line {			/* words as they stand, see net.c */
	char *words[8];
};

struct fixture {
	struct object objects[256];
	size_t n_objects;
	struct pin pins[32];
	size_t n_pins;
	struct failure failures[64];
	size_t n_failures;
	struct file_rule files[32];
	size_t n_files;
	struct net_line devs[32], tcs[32], hooks[32];
	size_t n_devs, n_tcs, n_hooks;
};

/* The one state, read at the first call. A fixture with a mistake ends the process, loudly. */
struct fixture *fixture(void);
struct object *find_object(enum kind kind, uint32_t id);

/* Which object an fd of ours stands for; NULL for others. */
struct object *object_of_fd(int fd);
/* "bpf-prog" as /proc/self/fd/N shows it. */
const char *anon_name(enum kind kind);

/* BPF_PROG_QUERY of devices. */
int fake_query(void *attr, size_t size);

#endif
