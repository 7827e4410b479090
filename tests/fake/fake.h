/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The faked kernel: fixture.c reads its state from a text file, fake_bpf.c answers bpf(2),
 * maps.c among it for maps and
 * made.c for what commands make; files.c for the files that belong to it, net.c for network
 * devices, wait.c for commands that follow something. See README.md for the fixture's lines.
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
	/* What info's pointers lead to. */
	struct bytes insns, map_ids, func_info, line_info, jited, ksyms, jited_lens, btf;
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

struct net_line {			/* words as they stand, see net.c */
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
	struct net_line allowed[32];	/* what may be made, see made.c */
	size_t n_allowed;
	struct run_rule runs[16];
	size_t n_runs;
	struct perf_record perf[16];
	size_t n_perf;
	struct bytes log;
	char iter[512];			/* the file that any iterator reads as */
	char *later[32]; /* lines with the number of the poll before them, see wait.c */
	size_t n_later;
	int stop_at;			/* 0: poll(2) waits */
};

/* The one state, read at the first call. A fixture with a mistake ends the process, loudly. */
struct fixture *fixture(void);
struct object *find_object(enum kind kind, uint32_t id);

/* The lines of the Nth poll. */
void fixture_later(int n);

/* The errno the fixture wants for this call, or 0. */
int injected(const char *cmd, enum kind kind, uint32_t id);
/* errno and -1. */
int refuse(int err);
int give_fd(struct object *o);
void keep_fd(int fd, struct object *o);
void forget_fd(int fd);

/* Which object an fd of ours stands for; NULL for others. */
struct object *object_of_fd(int fd);
/* "bpf-prog" as /proc/self/fd/N shows it. */
const char *anon_name(enum kind kind);

int fake_map_call(int cmd, union bpf_attr *attr);
size_t fake_value_len(const struct object *o);
void fake_add_entry(struct object *o, struct bytes key,
		    struct bytes value); /* which are the map's from now on */
int fake_make(int cmd, union bpf_attr *attr, size_t size);
long fake_perf_open(void *attr, int cpu);
/* How far poll(2) has moved the clock. */
uint64_t fake_passed_ms(void);

/* BPF_PROG_QUERY of devices. */
int fake_query(void *attr, size_t size);

#endif
