// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What one run has read from the running kernel. Nothing is read before it is needed: most commands
 * never need the kernel's BTF, and parsing it takes longer than everything else they do.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "cli/file.h"
#include "decode/btf/abi.h"
#include "decode/btf/image.h"
#include "kern/kernel.h"

#define BTF_MAX (256u << 20)

struct word {
	uint64_t key;
	char *text; /* NULL: known to be unknown */
};

struct kernel {
	void *data;			/* of the BTF; NULL: not read yet */
	struct btf_image btf;
	int btf_err;			/* why there is none */
	struct word *words;
	size_t n_words;
};

static struct kernel *kernel_get(struct ctx *ctx)
{
	if (!ctx->kernel)
		ctx->kernel = calloc(1, sizeof(*ctx->kernel));
	return ctx->kernel;
}

/* Kernels without BTF in sysfs may have it in the image they were booted from. */
static int read_from_image(struct buf *b)
{
	struct btf *btf = btf__load_vmlinux_btf();
	uint32_t len = 0;
	const void *data = btf ? btf__raw_data(btf, &len) : NULL;
	int err = btf ? 0 : -errno;

	if (data)
		buf_put(b, data, len);
	btf__free(btf);
	return err ?: b->err;
}

static int read_btf(struct kernel *k)
{
	auto_close int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct buf b = {};
	struct err why = {};
	struct stat st;
	int err;

	/* All of it at once, and the read that finds the end. */
	if (fd >= 0 && !fstat(fd, &st) && st.st_size > 0 && st.st_size < BTF_MAX)
		buf_room(&b, (size_t)st.st_size + 1);
	err = fd >= 0 ? file_read_fd(fd, BTF_MAX, &b) : -errno;
	if (err == -ENOENT)
		err = read_from_image(&b);
	err = err ?: btf_image_open(&why, b.data, b.len, &k->btf);
	err_clear(&why);
	if (!err)
		k->data = take_ptr(b.data);
	free(b.data);
	return err;
}

const struct btf_image *kernel_btf(struct ctx *ctx, int *ret_err)
{
	struct kernel *k = kernel_get(ctx);
	int err = k ? k->btf_err : -ENOMEM;

	if (k && !k->data && !err)
		err = k->btf_err = read_btf(k);
	if (err && ret_err)
		*ret_err = err;
	return err ? NULL : &k->btf;
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
	btf_image_close(&k->btf);
	free(k->data);
	free(k);
}
