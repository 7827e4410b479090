// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libbpf before 1.8 passes a layout section on to kernels that refuse it, and rejects itself what
 * has more items or other kinds than it knows.
 */
#include "decode/elf/plain_btf.h"

#include <errno.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/plain.h"
#include "decode/elf/image.h"

static int replace(struct err *e, struct elf_image *elf, uint32_t section,
		   const struct btf_image *img, uint32_t *ret_simpler)
{
	struct buf b = {};
	int err = btf_put_plain(e, img, &b, ret_simpler);

	if (!err && (b.err || elf_replace(elf, section, b.data, b.len)))
		err = fail(e, -ENOMEM, "convert the object's BTF");
	buf_free(&b);
	return err;
}

static int convert(struct err *e, struct elf_image *elf, uint32_t section, uint32_t *ret_simpler)
{
	const uint8_t *bytes = section ? elf_content(elf, section) : NULL;
	struct btf_image img = {};
	auto_free void *copy = NULL;
	struct err why = {};
	int err = 1;

	/* Invalid BTF is left to who reports it. */
	if (bytes && !btf_image_copy(&why, bytes, elf->shdrs[section].sh_size, &copy, &img) &&
	    !btf_is_plain(&img))
		err = replace(e, elf, section, &img, ret_simpler);
	btf_image_close(&img);
	err_clear(&why);
	return err;
}

int plain_btf_convert(struct err *e, const void *elf, size_t len, struct plain_btf *ret)
{
	auto_elf struct elf_image img = {};
	uint32_t section = 0;
	struct err why = {};
	int err = elf_image_open(&why, &img, elf, len) ?: elf_check_layout(&why, &img);

	err = err ?: elf_find_section(&why, &img, ".BTF", &section);
	err_clear(&why);
	if (err)
		return err == -ENOMEM ? fail(e, err, "convert the object's BTF") : 1;
	err = convert(e, &img, section, &ret->n_simpler);
	if (err)
		return err;
	err = elf_finish(&img, &ret->elf, &ret->len);
	return err ? fail(e, err, "convert the object's BTF") : 0;
}
