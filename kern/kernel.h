/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What one run has read from the running kernel: its BTF (read at most once, only on request) and
 * words found in it. Created on first use, owned by struct ctx through ctx->kernel.
 */
#ifndef KERN_KERNEL_H
#define KERN_KERNEL_H

#include "cli/ctx.h"

struct btf_image;

/*
 * BTF of the running kernel, read on the first call (about 3 ms) and kept until kernel_free(). NULL
 * if there is none; then *ret_err (may be NULL) is the negative errno and ctx->err is unchanged.
 */
const struct btf_image *kernel_btf(struct ctx *ctx, int *ret_err);

/*
 * A word that was looked up before: returns true and the word (NULL: unknown). The caller chooses
 * key.
 */
bool kernel_word(const struct ctx *ctx, uint64_t key, const char **ret_word);
/* Stores it (copied; NULL is stored, too). Returns the stored copy, NULL if out of memory. */
const char *kernel_keep_word(struct ctx *ctx, uint64_t key, const char *word);

void kernel_free(struct kernel *k);

#endif
