// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Renaming .struct_ops.link: an object is composed here, renamed and read back; then truncated at
 * every byte and with many changed bytes, which must all be handled.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/btf.h>

#include "cli/err.h"
#include "decode/elf/image.h"
#include "decode/elf/ops_link.h"
#include "tap.h"

enum { SEC_NAMES = 1, SEC_OPS, SEC_REL, SEC_BTF, SEC_MORE, N_SECS };

/* One NUL-separated text serves as the names of sections and as BTF's strings. */
static const char names[] =
	"\0.names\0.struct_ops.link\0.rel.struct_ops.link\0.BTF\0.struct_ops\0.struct_ops.linked";

static uint32_t name_at(const char *name)
{
	for (size_t i = 0; i < sizeof(names); i += strlen(names + i) + 1)
		if (!strcmp(names + i, name))
			return i;
	abort();
}

struct image {
	Elf64_Ehdr head;
	Elf64_Shdr sh[N_SECS];
	struct btf_header btf;
	char btf_strings[sizeof(names)];
	char names[sizeof(names)];
	char ops[16];
};

static void set_section(struct image *im, int i, const char *name, size_t off, size_t len)
{
	im->sh[i] = (Elf64_Shdr){ .sh_name = name_at(name),
				  .sh_type = SHT_PROGBITS,
				  .sh_offset = off,
				  .sh_size = len,
				  .sh_addralign = 1 };
}

/* more: the name of another section, or NULL. */
static void compose(struct image *im, const char *more)
{
	memset(im, 0, sizeof(*im));
	memcpy(im->head.e_ident, ELFMAG, SELFMAG);
	im->head.e_ident[EI_CLASS] = ELFCLASS64;
	im->head.e_ident[EI_DATA] =
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	im->head.e_ident[EI_VERSION] = EV_CURRENT;
	im->head.e_type = ET_REL;
	im->head.e_machine = 247;
	im->head.e_version = EV_CURRENT;
	im->head.e_ehsize = sizeof(im->head);
	im->head.e_shoff = offsetof(struct image, sh);
	im->head.e_shentsize = sizeof(Elf64_Shdr);
	im->head.e_shnum = more ? N_SECS : N_SECS - 1;
	im->head.e_shstrndx = SEC_NAMES;
	memcpy(im->names, names, sizeof(names));
	memcpy(im->btf_strings, names, sizeof(names));
	im->btf = (struct btf_header){ .magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(im->btf),
				       .str_len = sizeof(names) };
	set_section(im, SEC_NAMES, ".names", offsetof(struct image, names), sizeof(names));
	im->sh[SEC_NAMES].sh_type = SHT_STRTAB;
	set_section(im, SEC_OPS, ".struct_ops.link", offsetof(struct image, ops), 8);
	set_section(im, SEC_REL, ".rel.struct_ops.link", offsetof(struct image, ops) + 8, 4);
	set_section(im, SEC_BTF, ".BTF", offsetof(struct image, btf),
		    sizeof(im->btf) + sizeof(names));
	if (more)
		set_section(im, SEC_MORE, more, offsetof(struct image, ops) + 12, 4);
}

static void renamed(void)
{
	auto_elf struct elf_image out = {};
	struct image im;
	struct err e = {};
	void *data = NULL;
	size_t len = 0;
	const char *strings;

	compose(&im, NULL);
	is_int(ops_link_rename(&e, &im, sizeof(im), &data, &len), 0, "the section is renamed");
	is_int(elf_image_open(&e, &out, data, len), 0, "what comes out is an object");
	is_str(elf_section_name(&out, SEC_OPS), ".struct_ops", "with the older name");
	is_str(elf_section_name(&out, SEC_REL), ".rel.struct_ops", "its relocations likewise");
	strings = (const char *)elf_content(&out, SEC_BTF) + sizeof(struct btf_header);
	is_str(strings + name_at(".struct_ops.link"), ".struct_ops", "so in BTF");
	is_str(strings + name_at(".struct_ops.linked"), ".struct_ops.linked",
	       "a longer name stays");
	is_int(memcmp(strings + name_at(".rel.struct_ops.link"), ".rel", 4), 0,
	       "offsets of strings stay");
	free(data);
	err_clear(&e);
}

static void others(void)
{
	struct image im;
	struct err e = {};
	void *data = NULL;
	size_t len = 0;

	compose(&im, ".struct_ops");
	is_int(ops_link_rename(&e, &im, sizeof(im), &data, &len), -EOPNOTSUPP,
	       "both types: refused");
	ok(strstr(e.text, "libbpf 1.2") != NULL, "with what it takes");
	err_clear(&e);
	compose(&im, NULL);
	im.sh[SEC_OPS].sh_name = name_at(".struct_ops.linked");
	is_int(ops_link_rename(&e, &im, sizeof(im), &data, &len), 1,
	       "no such section: nothing to do");
	compose(&im, NULL);
	im.btf.str_len = UINT32_MAX;
	is_int(ops_link_rename(&e, &im, sizeof(im), &data, &len), 0,
	       "BTF that lies about its strings is left alone");
	free(data);
	ok(!e.code && data, "without an error");
	is_int(ops_link_rename(&e, "", 1, &data, &len), 1, "an empty file: nothing to do");
}

/* For any input, the result is 0 with an object that can be opened, 1, or an error with text. */
static int answers(const void *data, size_t len)
{
	auto_elf struct elf_image img = {};
	struct err e = {}, again = {};
	void *out = NULL;
	size_t out_len = 0;
	int err = ops_link_rename(&e, data, len, &out, &out_len);
	int good = err == 1 || (err < 0 && e.code == err && e.text[0]) ||
		   (!err && !elf_image_open(&again, &img, out, out_len));

	free(out);
	err_clear(&e);
	err_clear(&again);
	return good;
}

static void broken(void)
{
	struct image im, bad;
	int good = 0, rounds = 20000;

	compose(&im, NULL);
	for (size_t len = 0; len < sizeof(im); len++)
		good += answers(&im, len);
	is_int(good, sizeof(im), "every cut of the file");
	srand(7);
	good = 0;
	for (int i = 0; i < rounds; i++) {
		bad = im;
		for (int k = 0; k < 3; k++)
			((uint8_t *)&bad)[rand() % sizeof(bad)] = rand();
		good += answers(&bad, sizeof(bad));
	}
	is_int(good, rounds, "many changed bytes");
}

int main(void)
{
	renamed();
	others();
	broken();
	return tap_done();
}
