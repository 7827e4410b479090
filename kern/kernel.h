/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What one run has learnt about the running kernel: its BTF (read at most once, only when asked
 * for) and words found in it. Made on first use, owned by struct ctx through ctx->kernel.
 */
#ifndef KERN_KERNEL_H
#define KERN_KERNEL_H

#include "cli/ctx.h"

struct btf_image;

/*
 * BTF of the running kernel, read on the first call (about 3 ms) and kept until kernel_free(). NULL
 * when there is none; then *ret_err (may be NULL) is the negative errno and ctx->err is untouched.
 */
const struct btf_image *kernel_btf(struct ctx *ctx, int *ret_err);

/* A word that was looked up before: true and the word (NULL: nobody knows it). key is the asker's.
 */
bool kernel_word(const struct ctx *ctx, uint64_t key, const char **ret_word);
/* Remember it (copied; NULL is remembered too). The copy that lives on, NULL when out of memory. */
const char *kernel_keep_word(struct ctx *ctx, uint64_t key, const char *word);

void kernel_free(struct kernel *k);

#endif
