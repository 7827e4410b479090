/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Room for the verifier's logs. Unless all are wanted, the programs of an object share it: they are
 * verified one after another, and the log of interest is that of the one that is refused.
 */
#ifndef LOAD_LOG_BUFFER_H
#define LOAD_LOG_BUFFER_H

#include "decode/verifier/text.h"

struct bpf_object;
struct bpf_program;
struct buf;
struct ctx;
struct err;

struct log_buffer {
	struct bpf_object *obj; /* NULL: libbpf keeps its own */
	char **data;		/* owned; mappings: what is not written costs nothing */
	size_t n;		/* 1, or one a program */
};

/* What the user wants to have of the logs; {}: nothing. */
struct log_wish {
	const char *file; /* "-": standard output */
	uint32_t level;	  /* 0: a log only if a program is refused */
};

/* Without memory libbpf keeps its own buffers. Close it before the object is closed. */
void log_buffer_give(struct log_buffer *l, struct bpf_object *obj, const struct log_wish *wish);
void log_buffer_take(struct log_buffer *l);
#define auto_log_buffer __attribute__((cleanup(log_buffer_take)))

/* What was written last, or for this program. */
struct span log_buffer_text(const struct log_buffer *l, const struct bpf_program *prog);

/* The last log that libbpf printed itself: from the lines of the error. b is the caller's. */
struct span log_of_error(const struct err *e, struct buf *b);

/* Appends the end of it, as much as an error keeps, to the error's log. */
void log_buffer_keep(const struct log_buffer *l, struct err *e, const struct bpf_program *prog);

/* Writes all logs where the user wants them. Returns 0, or the error is stored. */
int log_buffer_write(struct ctx *ctx, const struct log_buffer *l, const struct log_wish *wish);

#endif
