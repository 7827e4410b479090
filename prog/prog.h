/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The program commands that live beside prog.c: prog.c only hangs them into its table (whose
 * order is interface, compat.md 1.4). Each declaration names its file; its owner fills the struct.
 */
#ifndef PROG_H
#define PROG_H

#include "cli/cmd.h"

/* prog/dump.c: the rows below "prog dump" (xlated, jited). */
extern const struct cmd prog_dump_cmds[];

/* prog/load.c: load and loadall fill the same struct; the two tables differ in the words taken. */
struct map_swap;
struct prog_load_args {
	const char *object;		/* an ELF file */
	const char *path;		/* load: the pin; loadall: a directory */
	const char *type;		/* a section name */
	struct map_swap *maps;		/* maps of the object to be replaced, newest first */
	const char *dev, *offload_dev, *xdpmeta_dev;	/* at most one; dev = offload_dev */
	const char *pinmaps;		/* a directory */
	bool autoattach;
	bool all;			/* loadall */
	const char *kernel_btf;		/* for CO-RE, instead of the running kernel's */
};

extern const struct param prog_load_params[], prog_loadall_params[];
int prog_load(struct ctx *ctx, const void *args);
int prog_loadall(struct ctx *ctx, const void *args);

/* prog/attach.c: attach and detach fill the same struct. */
struct hook_kind;
struct prog_attach_args {
	struct ref prog, map;		/* map: none for the flow dissector */
	const struct hook_kind *kind;
};

extern const struct param prog_attach_params[];
int prog_attach(struct ctx *ctx, const void *args);
int prog_detach(struct ctx *ctx, const void *args);

/* prog/unload.c */
struct prog_unload_args {
	struct ref prog;
	bool dry_run;			/* only list */
};

extern const struct param prog_unload_params[];
int prog_unload(struct ctx *ctx, const void *args);

/* prog/tracelog.c */
struct prog_tracelog_args {
	int stream;			/* 0: trace_pipe, 1: stdout, 2: stderr of... */
	struct ref prog;
};

extern const struct param prog_tracelog_params[];
int prog_tracelog(struct ctx *ctx, const void *args);

/* prog/profile.c */
struct prog_profile_args {
	struct ref prog;
	uint32_t duration;		/* seconds; 0: until a signal */
	bool cycles, instructions, l1d_loads, llc_misses, itlb_misses, dtlb_misses;
	bool cpu_clock, run_time;
};

extern const struct param prog_profile_params[];
int prog_profile(struct ctx *ctx, const void *args);

/* prog/run.c, and prog/run_pcap.c for captures */
struct run_cpu {
	bool given;
	uint32_t value;
};

struct prog_run_args {
	struct ref prog;
	const char *data_in, *data_out, *ctx_in, *ctx_json, *ctx_out;	/* files; "-": stdin, stdout */
	uint32_t data_size_out, ctx_size_out, repeat, batch_size;	/* 0: not given */
	struct run_cpu cpu;
	bool live_frames;
	const char *pcap, *pcap_out;
};

extern const struct param prog_run_params[];
int prog_run(struct ctx *ctx, const void *args);

/*
 * prog/metadata.c: "metadata" of a program, from its maps. The struct remembers from program to
 * program what need not be asked again. NULL when out of memory.
 */
struct metadata;
struct metadata *metadata_new(void);
void metadata_free(struct metadata *m);
void metadata_show(struct ctx *ctx, struct metadata *m, const uint32_t *map_ids, size_t n);

#endif
