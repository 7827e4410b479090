// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What one run has learnt about the running kernel. Nothing is read before it is asked for: most
 * commands never need the kernel's BTF, and parsing it costs more than all the rest of them.
 */
#include <errno.h>

#include <bpf/btf.h>

#include "kern/kernel.h"

struct word {
	uint64_t key;
	char *text; /* NULL: known to be unknown */
};

struct kernel {
	struct btf *btf;
	int btf_err; /* why there is none */
	struct word *words;
	size_t n_words;
};

static struct kernel *kernel_get(struct ctx *ctx)
{
	if (!ctx->kernel)
		ctx->kernel = calloc(1, sizeof(*ctx->kernel));
	return ctx->kernel;
}

const struct btf *kernel_btf(struct ctx *ctx, int *ret_err)
{
	struct kernel *k = kernel_get(ctx);
	int err = k ? k->btf_err : -ENOMEM;

	if (k && !k->btf && !err) {
		k->btf = btf__load_vmlinux_btf();
		if (!k->btf)
			err = k->btf_err = errno ? -errno : -ENOENT;
	}
	if (err && ret_err)
		*ret_err = err;
	return err ? NULL : k->btf;
}

bool kernel_word(const struct ctx *ctx, uint64_t key, const char **ret_word)
{
	const struct kernel *k = ctx->kernel;

	for (size_t i = 0; k && i < k->n_words; i++) {
		if (k->words[i].key != key)
			continue;
		*ret_word = k->words[i].text;
		return true;
	}
	return false;
}

const char *kernel_keep_word(struct ctx *ctx, uint64_t key, const char *word)
{
	struct kernel *k = kernel_get(ctx);
	struct word *words;
	char *text = word ? strdup(word) : NULL;

	words = k && !word == !text ? reallocarray(k->words, k->n_words + 1, sizeof(*words)) : NULL;
	if (!words) {
		free(text);
		return NULL;
	}
	k->words = words;
	words[k->n_words++] = (struct word){.key = key, .text = text};
	return text;
}

void kernel_free(struct kernel *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->n_words; i++)
		free(k->words[i].text);
	free(k->words);
	btf__free(k->btf);
	free(k);
}
