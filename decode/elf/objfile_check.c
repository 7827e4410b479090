// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Checks that libbpf does not make. */
#include <errno.h>
#include <libelf.h>
#include <limits.h>

#include <bpf/libbpf.h>

#include "cli/err.h"
#include "decode/btf/image.h"
#include "decode/elf/image.h"
#include "decode/elf/objfile_check.h"

static bool libbpf_takes(const uint8_t *bytes, size_t len)
{
	struct btf *btf = btf__new(bytes, len);
	bool ret = !libbpf_get_error(btf);

	if (ret)
		btf__free(btf);
	return ret;
}

/* Both must see the same: before 1.8, libbpf uses the lower 16 bits. */
static int check_items(struct err *e, const struct btf_image *btf)
{
	bool is_old = libbpf_major_version() == 1 && libbpf_minor_version() < 8;

	for (uint32_t id = btf->first_id; is_old && id < btf_image_end(btf); id++) {
		uint32_t n = btf_items(btf_image_type(btf, id));

		if (n > UINT16_MAX)
			return fail_msg(e, -EOPNOTSUPP,
					"BTF type %u has %u items, more than this libbpf reads", id,
					n);
	}
	return 0;
}

/* What libbpf itself rejects is left to it: it knows what that means for this object. */
static int check_section(struct err *e, const struct elf_image *img, uint32_t section)
{
	const uint8_t *bytes = elf_content(img, section);
	size_t len = section && bytes ? img->shdrs[section].sh_size : 0;
	auto_free void *copy = NULL;
	struct btf_image btf = {};
	int err;

	if (!len || !libbpf_takes(bytes, len))
		return 0;
	err = btf_image_copy(e, bytes, len, &copy, &btf);
	err = err ?: btf_image_check_strict(e, &btf);
	err = err ?: check_items(e, &btf);
	btf_image_close(&btf);
	return err;
}

/* Sections without bytes in the file are not limited by its size; no map is larger than this. */
static int check_sizes(struct err *e, const struct elf_image *img)
{
	for (uint32_t i = 1; i < img->n_shdrs; i++) {
		const Elf64_Shdr *sh = &img->shdrs[i];

		if (sh->sh_type == SHT_NOBITS && sh->sh_size > INT_MAX)
			return fail_msg(e, -EINVAL, "section %u '%s' claims %llu bytes", i,
					elf_section_name(img, i), (unsigned long long)sh->sh_size);
	}
	return 0;
}

/* Relocations lie within the section they change; libbpf's linker does not check it. */
static int check_relocations(struct err *e, const struct elf_image *img, uint32_t section)
{
	const Elf64_Shdr *sh = &img->shdrs[section], *target;
	const uint8_t *bytes = elf_content(img, section);
	Elf64_Rel rel;

	if (!bytes || sh->sh_info >= img->n_shdrs)
		return 0;
	target = &img->shdrs[sh->sh_info];
	for (size_t at = 0; at + sizeof(rel) <= sh->sh_size; at += sizeof(rel)) {
		uint64_t width = target->sh_flags & SHF_EXECINSTR ? 8 : 4;

		memcpy(&rel, bytes + at, sizeof(rel));
		if (rel.r_offset > target->sh_size || target->sh_size - rel.r_offset < width)
			return fail_msg(e, -EINVAL, "relocation %zu of section %u '%s' lies "
						    "outside of its target section",
					at / sizeof(rel), section, elf_section_name(img, section));
	}
	return 0;
}

static int check_all_relocations(struct err *e, const struct elf_image *img)
{
	int err = 0;

	for (uint32_t i = 1; !err && i < img->n_shdrs; i++)
		if (img->shdrs[i].sh_type == SHT_REL)
			err = check_relocations(e, img, i);
	return err;
}

static int check_data(struct err *e, const struct elf_image *img, Elf *elf)
{
	for (uint32_t i = 1; i < img->n_shdrs; i++) {
		Elf_Scn *scn = elf_getscn(elf, i);

		if (!scn || !elf_getdata(scn, NULL))
			return fail_msg(e, -EINVAL, "section %u '%s' cannot be read: %s", i,
					elf_section_name(img, i), elf_errmsg(-1));
	}
	return 0;
}

/*
 * Can libelf convert each section to records? If it cannot, libbpf's linker reads the bytes at
 * NULL.
 */
static int check_readable(struct err *e, const struct elf_image *img)
{
	Elf *elf = NULL;
	int err;

	if (elf_version(EV_CURRENT) != EV_NONE)
		elf = elf_memory((char *)img->data, img->len);
	if (!elf)
		return fail_msg(e, -EINVAL, "the file cannot be read: %s", elf_errmsg(-1));
	err = check_data(e, img, elf);
	elf_end(elf);
	return err;
}

/* A symbol is in a section of this file. libbpf's linker does not check section symbols. */
static int check_symbols(struct err *e, const struct elf_image *img)
{
	for (size_t i = 1; i < img->n_syms; i++) {
		const Elf64_Sym *sym = &img->syms[i];
		bool special = sym->st_shndx == SHN_ABS || sym->st_shndx == SHN_COMMON;

		if (special && ELF64_ST_TYPE(sym->st_info) != STT_SECTION)
			continue;
		if (sym->st_shndx >= img->n_shdrs)
			return fail_msg(
				e, -EINVAL,
				"symbol %zu is in section %u, which is not one of this file", i,
				sym->st_shndx);
	}
	return 0;
}

static int open_checked(struct err *e, struct elf_image *img, const void *elf, size_t len)
{
	uint32_t section = 0;
	int err;

	err = elf_image_open(e, img, elf, len);
	err = err ?: elf_check_layout(e, img);
	err = err ?: check_sizes(e, img);
	err = err ?: check_readable(e, img);
	err = err ?: elf_read_symbols(e, img);
	err = err ?: check_symbols(e, img);
	err = err ?: check_all_relocations(e, img);
	err = err ?: elf_find_section(e, img, ".BTF", &section);
	return err ?: check_section(e, img, section);
}

int objfile_check(struct err *e, const void *elf, size_t len)
{
	auto_elf struct elf_image img = {};

	return open_checked(e, &img, elf, len);
}

/*
 * The linker skips an empty .text; other sections are merged, and libbpf frees those without bytes
 * twice.
 */
int objfile_check_linkable(struct err *e, const void *elf, size_t len)
{
	auto_elf struct elf_image img = {};
	int err = open_checked(e, &img, elf, len);

	for (uint32_t i = 1; !err && i < img.n_shdrs; i++) {
		const Elf64_Shdr *sh = &img.shdrs[i];

		if (sh->sh_type == SHT_PROGBITS && !sh->sh_size &&
		    !streq(elf_section_name(&img, i), ".text"))
			err = fail_msg(e, -EINVAL, "section %u '%s' is empty and cannot be linked",
				       i, elf_section_name(&img, i));
	}
	return err;
}
