/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The code of a loaded program and the data loaded with it: functions, source lines, tags,
 * addresses of its JIT images, its BTF.
 */
#ifndef KERN_OBJECT_PROG_CODE_H
#define KERN_OBJECT_PROG_CODE_H

#include "kern/object/obj.h"
#include "kern/object/types.h"

enum prog_code_flags {
	PROG_CODE_XLATED = 1 << 0,	/* the instructions after verification */
	PROG_CODE_JITED = 1 << 1,	/* machine code, its lengths and lines */
};

/*
 * info's pointers point to our copies of what was requested, its counts never exceed what is there;
 * a pointer is 0 if the kernel returned nothing. Zeroed = empty; freed by prog_code_free().
 */
struct prog_code {
	struct bpf_prog_info info;
	struct types *types;		/* owned; NULL: none, or btf_err is the reason */
	int btf_err;
	void *arrays;
};

/* Returns 0, or a negative errno with the error stored. */
int prog_code_read(struct ctx *ctx, int fd, unsigned int flags, struct prog_code *ret);
void prog_code_free(struct prog_code *c);

const struct bpf_insn *prog_code_insns(const struct prog_code *c, size_t *ret_n);
/* NULL after the end. */
const struct bpf_func_info *prog_code_func(const struct prog_code *c, uint32_t i);
const struct bpf_line_info *prog_code_line(const struct prog_code *c, uint32_t i);

/* A function in the JIT image. addr 0: hidden. */
struct jited_func {
	const uint8_t *bytes;
	size_t len;
	uint64_t addr;
};
/* Function i; false beyond the last. */
bool prog_code_jited(const struct prog_code *c, uint32_t i, struct jited_func *ret);

/*
 * The kernel's name for the JIT image of function i ("bpf_prog_97d6a1dc602efbc4_cr_sub"), composed
 * from tag and BTF as in the kernel, which saves a search to the end of kallsyms. False if the
 * kernel returned too little.
 */
bool prog_code_symbol(const struct prog_code *c, uint32_t i, char *buf, size_t size);

#endif
