// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The section's name occurs in three places: its header, that of its relocations, and the type
 * information, which lists its variables. Strings there are shortened in place, so that offsets do
 * not change.
 */
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/elf/image.h"
#include "decode/elf/ops_link.h"

#define PLAIN ".struct_ops"
#define LINK PLAIN ".link"
#define REL ".rel"

/* BTF's strings, or NULL if there are none. The header has not been checked yet. */
static char *btf_strings(uint8_t *btf, size_t len, size_t *ret_len)
{
	struct btf_head h;

	if (!btf || len < sizeof(h))
		return NULL;
	memcpy(&h, btf, sizeof(h));
	if (h.magic != BTF_MAGIC || h.hdr_len > len || h.str_off > len - h.hdr_len ||
	    h.str_len > len - h.hdr_len - h.str_off)
		return NULL;
	*ret_len = h.str_len;
	return (char *)btf + h.hdr_len + h.str_off;
}

static int rename_in_btf(struct err *e, struct elf_image *img)
{
	uint32_t section = 0;
	size_t len = 0;
	char *strings, *at;
	int err = elf_find_section(e, img, ".BTF", &section);

	if (err || !section)
		return err;
	strings = btf_strings(elf_content(img, section), img->shdrs[section].sh_size, &len);
	/* With its NUL: a longer name with this prefix is another one. */
	at = strings ? memmem(strings, len, LINK, sizeof(LINK)) : NULL;
	if (at)
		at[strlen(PLAIN)] = '\0';
	return 0;
}

static int rename_section(struct err *e, struct elf_image *img, const char *from, const char *to)
{
	uint32_t section = 0;
	int err = elf_find_section(e, img, from, &section);

	return err || !section ? err : elf_rename(img, section, to);
}

int ops_link_rename(struct err *e, const void *elf, size_t len, void **ret, size_t *ret_len)
{
	auto_elf struct elf_image img = {};
	uint32_t section = 0, plain = 0;
	int err;

	if (!memmem(elf, len, LINK, sizeof(LINK)))
		return 1;
	err = elf_image_open(e, &img, elf, len);
	if (!err)
		err = elf_check_layout(e, &img);
	if (!err)
		err = elf_find_section(e, &img, LINK, &section);
	if (err || !section)
		return err ? err : 1;
	err = elf_find_section(e, &img, PLAIN, &plain);
	if (err)
		return err;
	if (plain)
		return fail_msg(e, -EOPNOTSUPP,
				"it has struct_ops maps of both types, which requires libbpf 1.2");
	err = rename_in_btf(e, &img);
	if (!err)
		err = rename_section(e, &img, LINK, PLAIN);
	if (!err)
		err = rename_section(e, &img, REL LINK, REL PLAIN);
	if (!err)
		err = elf_finish(&img, ret, ret_len);
	return err;
}
