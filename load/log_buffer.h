/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Room for the verifier's log, shared by the programs of an object: they are verified one after
 * another, and the log of interest is that of the one that is refused.
 */
#ifndef LOAD_LOG_BUFFER_H
#define LOAD_LOG_BUFFER_H

#include "decode/verifier/text.h"

struct bpf_object;
struct err;

struct log_buffer {
	struct bpf_object *obj; /* NULL: libbpf keeps its own */
	char *data;		/* a mapping: what is not written costs nothing */
};

/* Without memory libbpf keeps its own buffers. Close it before the object is closed. */
void log_buffer_give(struct log_buffer *l, struct bpf_object *obj);
void log_buffer_take(struct log_buffer *l);
#define auto_log_buffer __attribute__((cleanup(log_buffer_take)))

/* What was written last. */
struct span log_buffer_text(const struct log_buffer *l);

/* Appends the end of it, as much as an error keeps, to the error's log. */
void log_buffer_keep(const struct log_buffer *l, struct err *e, const char *prog);

#endif
