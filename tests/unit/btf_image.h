/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * For tests of decode/btf/: BTF built by libbpf as an image, output for it, and corrupted copies.
 */
#ifndef TEST_BTF_IMAGE_H
#define TEST_BTF_IMAGE_H

#include <sys/mman.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/image.h"
#include "json_writer.h"
#include "tap.h"

static struct err err;

/* Its bytes, owned: libbpf may free its own copy at any time. */
__attribute__((unused)) static void *bytes_of(const struct btf *btf, size_t *ret_len)
{
	uint32_t len;
	const void *raw = btf__raw_data(btf, &len);
	void *copy = malloc(len);

	memcpy(copy, raw, len);
	*ret_len = len;
	return copy;
}

/* close_image() frees the bytes too. */
__attribute__((unused)) static void open_image(const struct btf *btf, const struct btf_image *base,
					       struct btf_image *ret)
{
	size_t len;
	void *data = bytes_of(btf, &len);

	err_clear(&err);
	if (btf_image_open_split(&err, data, len, base, ret) || btf_image_check(&err, ret))
		ok(0, "the image is sound: %s", err.text);
}

/*
 * Only for images opened by open_image(): libbpf puts the types directly after a header of the
 * usual size.
 */
__attribute__((unused)) static void close_image(struct btf_image *img)
{
	free((void *)(img->types - sizeof(struct btf_header)));
	btf_image_close(img);
}

/* The output of write(o, arg), owned; NULL if it fails. */
__attribute__((unused)) static char *written(int (*write)(struct out *o, void *arg), void *arg,
					     enum out_mode mode)
{
	auto_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct out *o = out_open(fd, mode);
	char *text;
	off_t len;
	int e;

	err_clear(&err);
	out_begin(o);
	e = write(o, arg);
	out_end(o, e ? &err : NULL);
	out_close(o);
	len = lseek(fd, 0, SEEK_END);
	text = calloc(1, len + 1);
	if (!text || e || pread(fd, text, len, 0) != len) {
		free(text);
		return NULL;
	}
	return text;
}

/*
 * Corrupts len bytes of BTF in rounds: truncated, or with some bytes changed; the copy ends where
 * its memory does, so that a sanitizer detects reads beyond it. try(data, len) returns whether it
 * was rejected. Returns how often it was.
 */
__attribute__((unused)) static unsigned int damage(const void *data, size_t len,
						   unsigned int rounds,
						   bool (*try)(const void *data, size_t len))
{
	unsigned int refused = 0, seed = 1;

	for (size_t round = 0; round < rounds; round++) {
		size_t n = round % 8 ? len : round % len;
		uint8_t *copy = malloc(n + !n);

		memcpy(copy, data, n);
		for (size_t k = 0; k < 1 + round % 3 && n > sizeof(struct btf_header) &&
		     round % 8; k++) {
			seed = seed * 1103515245 + 12345;
			/* mostly small numbers: they remain types, of another kind */
			copy[sizeof(struct btf_header) +
			     (seed >> 8) % (n - sizeof(struct btf_header))] =
				round % 2 ? seed >> 24 : seed >> 28;
		}
		err_clear(&err);
		refused += try(copy, n);
		free(copy);
	}
	err_clear(&err);
	return refused;
}

#endif
