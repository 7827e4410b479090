/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The fake kernel: fixture.c reads its state from a text file, fake_bpf.c answers bpf(2), with
 * maps.c for maps and made.c for objects that commands create; files.c has the related files, net.c
 * network devices, wait.c commands that run until interrupted. See README.md for the fixture's
 * lines.
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
	/* The arrays that info's pointers point to. */
	struct bytes insns, map_ids, func_info, line_info, jited, ksyms, jited_lens, btf;
	struct bytes ids, addrs, cookies;	/* links of type tracing_multi */
	char name[64];			/* btf: its name; link: its tp_name */
	struct entry *entries;
	size_t n_entries;
	char fdinfo[512];
	bool made;			/* by the command */
	int event_fd;			/* of a ring buffer: always readable; 0: none */
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

struct net_line {			/* unparsed words, see net.c */
	char *words[8];
};

struct run_rule {
	uint32_t prog, retval, duration;
	struct bytes data;
};

struct perf_record {
	int cpu;
	uint32_t type;
	struct bytes data;
};

#define FAKE_CPUS 2

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
	struct net_line allowed[32];	/* what may be created, see made.c */
	size_t n_allowed;
	struct run_rule runs[16];
	size_t n_runs;
	struct perf_record perf[16];
	size_t n_perf;
	struct bytes log;
	char iter[512];			/* the output of every iterator */
	char map_log[128];		/* why the kernel creates no map */
	char *later[32]; /* lines, each with the number of its poll, see wait.c */
	size_t n_later;
	int stop_at;			/* 0: poll(2) waits */
};

/* The only state, read at the first call. An error in a fixture ends the process with a message. */
struct fixture *fixture(void);
struct object *find_object(enum kind kind, uint32_t id);

/* The lines of the Nth poll. */
void fixture_later(int n);

/* The errno that the fixture has for this call, or 0. */
int injected(const char *cmd, enum kind kind, uint32_t id);
/* errno and -1. */
int refuse(int err);
int give_fd(struct object *o);
void keep_fd(int fd, struct object *o);
void forget_fd(int fd);

/* The object of one of our fds; NULL for other fds. */
struct object *object_of_fd(int fd);
/* "bpf-prog" as /proc/self/fd/N shows it. */
const char *anon_name(enum kind kind);

int fake_map_call(int cmd, union bpf_attr *attr);
size_t fake_value_len(const struct object *o);
void fake_add_entry(struct object *o, struct bytes key,
		    struct bytes value); /* owned by the map from now on */
int fake_make(int cmd, union bpf_attr *attr, size_t size);
long fake_perf_open(void *attr, int cpu);
/* How far poll(2) has advanced the clock. */
uint64_t fake_passed_ms(void);

/* BPF_PROG_QUERY of devices. */
int fake_query(void *attr, size_t size);

#endif
