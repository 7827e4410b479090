/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Shared by the files of prog run: prog/test_run.c runs a program once; prog/run.c is the command,
 * prog/run_pcap.c runs on the packets of a capture.
 */
#ifndef PROG_RUN_H
#define PROG_RUN_H

#include "cli/buf.h"
#include "cli/cmd.h"

struct prog_run_args {
	struct ref prog;
	/* files; "-": stdin, stdout */
	const char *data_in, *data_out, *ctx_in, *ctx_json, *ctx_out;
	uint32_t data_size_out, ctx_size_out, repeat, batch_size;	/* 0: not given */
	struct given_u32 cpu;
	bool live_frames;
	const char *pcap, *pcap_out;
};

/* A buffer for output. */
struct run_room {
	uint8_t *data;			/* owned; NULL: not wanted */
	size_t room;
	uint32_t len;			/* length after the last run */
};

/*
 * Allocates asked bytes, or, if that is 0, enough for the output of in_len bytes. Returns 0, or the
 * error is stored.
 */
int run_room_make(struct ctx *ctx, uint32_t asked, size_t in_len, struct run_room *ret);

/* The type of a context that was given as JSON. */
struct btf_plan;
struct types;
struct prog_type;
struct run_type {
	struct types *types;		/* owned */
	struct btf_plan *plan;		/* owned; NULL: contexts are bytes */
	uint32_t len;
};

/* A test run for the kernel: bpf_prog_test_run_opts() with adjustments for program types. */
struct test_run {
	int fd;
	uint32_t id, type;
	const struct prog_type *kind;
	struct buf data, ctx;		/* input; owned */
	bool has_data, has_ctx;
	struct run_type ctx_type;
	struct run_room data_out, ctx_out;
	uint32_t repeat, flags, cpu, batch_size;
	uint32_t retval, duration;
	uint64_t packet;		/* of a capture, counted from 1; 0: none */
};

/*
 * Runs it once (repeat times) on the input. Returns 0, or the error is stored with what to do about
 * it.
 */
int test_run_once(struct ctx *ctx, struct test_run *t);

/* The program's type in words. */
const char *test_run_type(struct ctx *ctx, const struct test_run *t);

/* prog/run_ctx.c: t->ctx and its type from a JSON file. Returns 0, or the error is stored. */
int run_ctx_read(struct ctx *ctx, const char *path, struct test_run *t);
void run_ctx_show(struct ctx *ctx, const struct test_run *t, const uint8_t *data, size_t len);
void run_type_free(struct run_type *type);

/* prog/run_pcap.c: runs on every packet of a capture, and a table of the results. */
int prog_run_pcap(struct ctx *ctx, const struct prog_run_args *a, struct test_run *t);

#endif
