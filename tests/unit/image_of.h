/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* BTF built by libbpf, as an image. */
#ifndef TEST_IMAGE_OF_H
#define TEST_IMAGE_OF_H

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/image.h"
#include "tap.h"

/* The types so far, unchecked, until the next call. NULL: invalid. */
static inline const struct btf_image *try_image_of(const struct btf *btf)
{
	static struct btf_image img;
	static void *bytes;
	struct err e = {};
	uint32_t len;
	const void *raw = btf__raw_data(btf, &len);
	int err;

	btf_image_close(&img);
	free(bytes);
	bytes = NULL;
	err = btf_image_copy(&e, raw, len, &bytes, &img);
	err_clear(&e);
	return err ? NULL : &img;
}

/* For valid ones. */
static inline const struct btf_image *image_of(const struct btf *btf)
{
	const struct btf_image *img = try_image_of(btf);

	if (!img)
		ok(0, "the types can be read");
	return img;
}

#endif
