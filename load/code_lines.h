/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The source line of every instruction of a program as it was loaded: the object's line records,
 * for the program itself and for the functions that libbpf appends to it.
 */
#ifndef LOAD_CODE_LINES_H
#define LOAD_CODE_LINES_H

#include "decode/elf/objfile_ext.h"
#include "decode/verifier/refusal.h"

struct bpf_program;

/* Where a part of the program comes from. */
struct code_part {
	uint32_t first, n; /* instructions of the program */
	const struct objfile_func *func;
};

struct code_lines {
	struct source_finder finder; /* for refusal_read() */
	void *data;		     /* owned: the object file */
	struct objfile view;
	struct objfile_ext ext;
	struct code_part *parts; /* owned, by first */
	size_t n_parts;
};

#define auto_code_lines __attribute__((cleanup(code_lines_close)))

/*
 * Reads the object file again. Returns 0 or a negative errno, no error is reported: without line
 * records the log itself has to do. ret must be zeroed; code_lines_close() in both cases.
 */
int code_lines_open(const char *path, const struct bpf_program *prog, struct code_lines *ret);
void code_lines_close(struct code_lines *c);

#endif
