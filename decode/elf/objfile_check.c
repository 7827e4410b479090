// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Checks that libbpf leaves out: references between BTF types, names, chains of modifiers.
 */
#include <errno.h>
#include <libelf.h>
#include <limits.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "cli/err.h"
#include "decode/elf/image.h"
#include "decode/elf/objfile_check.h"

#define CHAIN_MAX 32		/* const volatile typedef...: libbpf's own limit elsewhere */
#define NAME_LEN_MAX 4096	/* the kernel takes 512; source lines are strings too, but no names */

static int check_ref(struct err *e, const struct btf *btf, uint32_t id, uint32_t ref)
{
	if (ref < btf__type_cnt(btf))
		return 0;
	return fail_msg(e, -EINVAL, "BTF type %u refers to type %u, but there are only %u", id, ref,
			btf__type_cnt(btf) - 1);
}

static int check_name(struct err *e, const struct btf *btf, uint32_t id, uint32_t off)
{
	const char *name = btf__str_by_offset(btf, off);

	if (!name)
		return fail_msg(e, -EINVAL, "BTF type %u has a name beyond the end of the strings (offset %u)", id,
				off);
	if (strnlen(name, NAME_LEN_MAX) == NAME_LEN_MAX)
		return fail_msg(e, -EINVAL, "BTF type %u has a name of more than %d bytes", id, NAME_LEN_MAX - 1);
	return 0;
}

static int check_members(struct err *e, const struct btf *btf, uint32_t id, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < btf_vlen(t); i++) {
		err = check_name(e, btf, id, m[i].name_off);
		err = err ?: check_ref(e, btf, id, m[i].type);
	}
	return err;
}

static int check_params(struct err *e, const struct btf *btf, uint32_t id, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);
	unsigned int i;
	int err = check_ref(e, btf, id, t->type);

	for (i = 0; !err && i < btf_vlen(t); i++) {
		err = check_name(e, btf, id, p[i].name_off);
		err = err ?: check_ref(e, btf, id, p[i].type);
	}
	return err;
}

static int check_enumerators(struct err *e, const struct btf *btf, uint32_t id, const struct btf_type *t)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < btf_vlen(t); i++)
		err = check_name(e, btf, id, btf_is_enum64(t) ? btf_enum64(t)[i].name_off :
								btf_enum(t)[i].name_off);
	return err;
}

static int check_variables(struct err *e, const struct btf *btf, uint32_t id, const struct btf_type *t)
{
	const struct btf_var_secinfo *v = btf_var_secinfos(t);
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < btf_vlen(t); i++)
		err = check_ref(e, btf, id, v[i].type);
	return err;
}

static bool is_modifier(const struct btf_type *t)
{
	return btf_is_mod(t) || btf_is_typedef(t) || btf_is_type_tag(t);
}

/* All references have been checked when this is called. */
static int check_chain(struct err *e, const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	unsigned int n = 0;

	while (is_modifier(t)) {
		if (++n > CHAIN_MAX)
			return fail_msg(e, -ELOOP, "BTF type %u leads nowhere (more than %d modifiers in a row)",
					id, CHAIN_MAX);
		t = btf__type_by_id(btf, t->type);
	}
	return 0;
}

static int check_function(struct err *e, const struct btf *btf, uint32_t id, const struct btf_type *t)
{
	int err = check_ref(e, btf, id, t->type);

	if (err || btf_is_func_proto(btf__type_by_id(btf, t->type)))
		return err;
	return fail_msg(e, -EINVAL, "BTF type %u is a function without a prototype", id);
}

static int check_type(struct err *e, const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	int err = check_name(e, btf, id, t->name_off);

	if (err)
		return err;
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return check_members(e, btf, id, t);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return check_enumerators(e, btf, id, t);
	case BTF_KIND_ARRAY:
		err = check_ref(e, btf, id, btf_array(t)->type);
		return err ?: check_ref(e, btf, id, btf_array(t)->index_type);
	case BTF_KIND_FUNC_PROTO:
		return check_params(e, btf, id, t);
	case BTF_KIND_DATASEC:
		return check_variables(e, btf, id, t);
	case BTF_KIND_FUNC:
		return check_function(e, btf, id, t);
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_FWD:
		return 0;
	default:	/* pointers, modifiers, variables, tags: one reference */
		return check_ref(e, btf, id, t->type);
	}
}

int btf_check(struct err *e, const struct btf *btf)
{
	uint32_t id, n = btf__type_cnt(btf);
	int err = 0;

	for (id = 1; !err && id < n; id++)
		err = check_type(e, btf, id);
	for (id = 1; !err && id < n; id++)
		err = check_chain(e, btf, id);
	return err;
}

static int check_section(struct err *e, const struct elf_image *img, uint32_t section)
{
	const uint8_t *bytes = elf_content(img, section);
	struct btf *btf;
	int err;

	if (!section || !bytes)
		return 0;
	btf = btf__new(bytes, img->shdrs[section].sh_size);
	if (libbpf_get_error(btf))	/* libbpf tells that itself, and what it means for this object */
		return 0;
	err = btf_check(e, btf);
	btf__free(btf);
	return err;
}

/* Sections without bytes in the file are not held by its size; no map is larger than this. */
static int check_sizes(struct err *e, const struct elf_image *img)
{
	for (uint32_t i = 1; i < img->n_shdrs; i++) {
		const Elf64_Shdr *sh = &img->shdrs[i];

		if (sh->sh_type == SHT_NOBITS && sh->sh_size > INT_MAX)
			return fail_msg(e, -EINVAL, "section %u '%s' is said to have %llu bytes", i, elf_section_name(img, i),
					(unsigned long long)sh->sh_size);
	}
	return 0;
}

/* Relocations lie within what they change; the linker of libbpf does not look. */
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
			return fail_msg(e, -EINVAL, "relocation %zu of section %u '%s' lies outside of what it is for",
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

/* Can libelf turn each section into records? Of those that it cannot, libbpf's linker takes the bytes at NULL. */
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

/* A symbol lies in a section of this file. The linker of libbpf believes it of those that stand for one. */
static int check_symbols(struct err *e, const struct elf_image *img)
{
	for (size_t i = 1; i < img->n_syms; i++) {
		const Elf64_Sym *sym = &img->syms[i];
		bool special = sym->st_shndx == SHN_ABS || sym->st_shndx == SHN_COMMON;

		if (special && ELF64_ST_TYPE(sym->st_info) != STT_SECTION)
			continue;
		if (sym->st_shndx >= img->n_shdrs)
			return fail_msg(e, -EINVAL, "symbol %zu is in section %u, which is not one of this file", i,
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

/* An empty .text is passed over by the linker; other sections are joined, and libbpf frees those of no bytes twice. */
int objfile_check_linkable(struct err *e, const void *elf, size_t len)
{
	auto_elf struct elf_image img = {};
	int err = open_checked(e, &img, elf, len);

	for (uint32_t i = 1; !err && i < img.n_shdrs; i++) {
		const Elf64_Shdr *sh = &img.shdrs[i];

		if (sh->sh_type == SHT_PROGBITS && !sh->sh_size && !streq(elf_section_name(&img, i), ".text"))
			err = fail_msg(e, -EINVAL, "section %u '%s' is empty, which cannot be joined with another", i,
				       elf_section_name(&img, i));
	}
	return err;
}
