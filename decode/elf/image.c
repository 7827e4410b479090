// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A modifiable ELF file in memory. Nothing in the file is trusted: offsets, sizes, counts and
 * string offsets are checked before they are used, without arithmetic that could overflow.
 */
#include <errno.h>

#include "cli/err.h"
#include "decode/elf/image.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HOST_DATA ELFDATA2LSB
#define HOST_ORDER "little-endian"
#define OTHER_ORDER "big-endian"
#else
#define HOST_DATA ELFDATA2MSB
#define HOST_ORDER "big-endian"
#define OTHER_ORDER "little-endian"
#endif

#ifndef EM_BPF
#define EM_BPF 247
#endif

void elf_image_close(struct elf_image *img)
{
	free(img->data);
	free(img->shdrs);
	free(img->syms);
	memset(img, 0, sizeof(*img));
}

bool elf_is_elf(const void *elf, size_t len)
{
	return len >= SELFMAG && memcmp(elf, ELFMAG, SELFMAG) == 0;
}

static bool in_file(const struct elf_image *img, uint64_t off, uint64_t size)
{
	return off <= img->len && size <= img->len - off;
}

static int check_kind(struct err *e, const uint8_t *data, size_t len)
{
	Elf64_Ehdr h;

	if (!elf_is_elf(data, len))
		return fail_msg(e, -EINVAL, "not an ELF file");
	if (len < sizeof(h))
		return fail_msg(e, -EINVAL, "ELF file is truncated within its header (%zu bytes)",
				len);
	memcpy(&h, data, sizeof(h));
	if (h.e_ident[EI_CLASS] != ELFCLASS64)
		return fail_msg(e, -EINVAL, "not a 64-bit ELF file, as BPF objects are");
	if (h.e_ident[EI_DATA] != HOST_DATA)
		return fail_msg(
			e, -EINVAL, "object is %s, this machine is %s: compile it with -target %s",
			OTHER_ORDER, HOST_ORDER, HOST_DATA == ELFDATA2LSB ? "bpfel" : "bpfeb");
	/* Before clang 3.9 objects had no machine number. */
	if (h.e_type != ET_REL || (h.e_machine != EM_BPF && h.e_machine != EM_NONE))
		return fail_msg(e, -EINVAL, "ELF file is not a BPF object (type %u, machine %u)",
				h.e_type, h.e_machine);
	return 0;
}

static int read_headers(struct err *e, struct elf_image *img)
{
	Elf64_Ehdr h;
	size_t size;

	memcpy(&h, img->data, sizeof(h));
	if (h.e_shentsize != sizeof(Elf64_Shdr))
		return fail_msg(e, -EINVAL, "section headers have %u bytes each, not %zu",
				h.e_shentsize, sizeof(Elf64_Shdr));
	if (!h.e_shnum || h.e_shnum >= SHN_LORESERVE - 1)
		return fail_msg(e, -EINVAL, "object has an unsupported number of sections (%u)",
				h.e_shnum);
	size = h.e_shnum * sizeof(Elf64_Shdr);
	if (!in_file(img, h.e_shoff, size))
		return fail_msg(e, -EINVAL,
				"section headers (%u at byte %llu) lie beyond the end of the file, "
				"byte %zu",
				h.e_shnum, (unsigned long long)h.e_shoff, img->len);
	/* One extra, for elf_add_section(). */
	img->shdrs = calloc(h.e_shnum + 1, sizeof(Elf64_Shdr));
	if (!img->shdrs)
		return fail(e, -ENOMEM, "read section headers");
	memcpy(img->shdrs, img->data + h.e_shoff, size);
	img->n_shdrs = h.e_shnum;
	img->shstrndx = h.e_shstrndx;
	return 0;
}

/* A string table must end in a NUL: then every offset in it is a string. */
static int check_strings(struct err *e, const struct elf_image *img, uint32_t section,
			 const char *what)
{
	const Elf64_Shdr *s = &img->shdrs[section];

	if (!section || section >= img->n_shdrs)
		return fail_msg(e, -EINVAL, "string table of %s is section %u of %u", what, section,
				img->n_shdrs);
	if (s->sh_type != SHT_STRTAB || !in_file(img, s->sh_offset, s->sh_size))
		return fail_msg(
			e, -EINVAL,
			"string table of %s (section %u) is not a string table within the file",
			what, section);
	if (!s->sh_size || img->data[s->sh_offset + s->sh_size - 1])
		return fail_msg(e, -EINVAL, "string table of %s (section %u) is not terminated",
				what, section);
	return 0;
}

static int check_names(struct err *e, const struct elf_image *img)
{
	uint32_t i;

	for (i = 0; i < img->n_shdrs; i++) {
		if (img->shdrs[i].sh_name >= img->shdrs[img->shstrndx].sh_size)
			return fail_msg(e, -EINVAL,
					"name of section %u lies outside the string table", i);
	}
	return 0;
}

int elf_image_open(struct err *e, struct elf_image *img, const void *elf, size_t len)
{
	int err;

	err = check_kind(e, elf, len);
	if (err)
		return err;
	img->data = malloc(len);
	if (!img->data)
		return fail(e, -ENOMEM, "copy the object");
	memcpy(img->data, elf, len);
	img->len = len;
	err = read_headers(e, img);
	if (err)
		return err;
	if (img->shstrndx >= img->n_shdrs)
		return fail_msg(e, -EINVAL, "string table of section names is section %u of %u",
				img->shstrndx, img->n_shdrs);
	err = check_strings(e, img, img->shstrndx, "section names");
	return err ?: check_names(e, img);
}

const char *elf_section_name(const struct elf_image *img, uint32_t section)
{
	return (const char *)img->data + img->shdrs[img->shstrndx].sh_offset +
	       img->shdrs[section].sh_name;
}

int elf_find_section(struct err *e, const struct elf_image *img, const char *name, uint32_t *ret)
{
	uint32_t i, found = 0;

	for (i = 1; i < img->n_shdrs; i++) {
		if (!streq(elf_section_name(img, i), name))
			continue;
		if (found)
			return fail_msg(e, -EINVAL, "sections %u and %u are both called '%s'",
					found, i, name);
		found = i;
	}
	*ret = found;
	return 0;
}

static bool occupies(const Elf64_Shdr *s)
{
	return s->sh_type != SHT_NULL && s->sh_type != SHT_NOBITS && s->sh_size;
}

uint8_t *elf_content(const struct elf_image *img, uint32_t section)
{
	return occupies(&img->shdrs[section]) ? img->data + img->shdrs[section].sh_offset : NULL;
}

/* A range of the file; section 0 represents the ELF header and the section headers. */
struct extent {
	uint64_t from, to;
	uint32_t section;
};

static int by_start(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static int fail_overlap(struct err *e, const struct elf_image *img, const struct extent *a,
			const struct extent *b)
{
	if (a->section && b->section)
		return fail_msg(e, -EINVAL, "sections %u ('%s') and %u ('%s') overlap", a->section,
				elf_section_name(img, a->section), b->section,
				elf_section_name(img, b->section));
	a = a->section ? a : b;
	return fail_msg(e, -EINVAL, "section %u ('%s') overlaps the ELF headers", a->section,
			elf_section_name(img, a->section));
}

static int collect_extents(struct err *e, const struct elf_image *img, struct extent *x,
			   size_t *ret_n)
{
	const Elf64_Ehdr *none = NULL;
	uint64_t shoff;
	size_t n = 2;
	uint32_t i;

	memcpy(&shoff, img->data + offsetof(Elf64_Ehdr, e_shoff), sizeof(shoff));
	x[0] = (struct extent){ 0, sizeof(*none), 0 };
	x[1] = (struct extent){ shoff, shoff + img->n_shdrs * sizeof(Elf64_Shdr), 0 };
	for (i = 1; i < img->n_shdrs; i++) {
		const Elf64_Shdr *s = &img->shdrs[i];

		if (!occupies(s))
			continue;
		if (!in_file(img, s->sh_offset, s->sh_size))
			return fail_msg(e, -EINVAL,
					"section %u ('%s', %llu bytes at byte %llu) lies beyond "
					"the end of the file, byte %zu",
					i, elf_section_name(img, i), (unsigned long long)s->sh_size,
					(unsigned long long)s->sh_offset, img->len);
		x[n++] = (struct extent){ s->sh_offset, s->sh_offset + s->sh_size, i };
	}
	*ret_n = n;
	return 0;
}

int elf_check_layout(struct err *e, const struct elf_image *img)
{
	auto_free struct extent *x = calloc(img->n_shdrs + 2, sizeof(*x));
	size_t i, n = 0;
	int err;

	if (!x)
		return fail(e, -ENOMEM, "check the object's sections");
	err = collect_extents(e, img, x, &n);
	if (err)
		return err;
	qsort(x, n, sizeof(*x), by_start);
	for (i = 1; i < n; i++) {
		if (x[i].from < x[i - 1].to)
			return fail_overlap(e, img, &x[i - 1], &x[i]);
	}
	return 0;
}

static int find_symtab(struct err *e, const struct elf_image *img, uint32_t *ret)
{
	uint32_t i, found = 0;

	for (i = 1; i < img->n_shdrs; i++) {
		if (img->shdrs[i].sh_type != SHT_SYMTAB)
			continue;
		if (found)
			return fail_msg(e, -EINVAL,
					"object has two symbol tables, sections %u and %u", found,
					i);
		found = i;
	}
	if (!found)
		return fail_msg(e, -EINVAL, "object has no symbol table");
	*ret = found;
	return 0;
}

int elf_read_symbols(struct err *e, struct elf_image *img)
{
	const Elf64_Shdr *s;
	uint32_t symtab = 0;
	int err;

	err = find_symtab(e, img, &symtab);
	if (err)
		return err;
	s = &img->shdrs[symtab];
	if (s->sh_entsize != sizeof(Elf64_Sym) || !s->sh_size || s->sh_size % sizeof(Elf64_Sym))
		return fail_msg(e, -EINVAL, "symbol table has %llu bytes in entries of %llu",
				(unsigned long long)s->sh_size, (unsigned long long)s->sh_entsize);
	err = check_strings(e, img, s->sh_link, "symbols");
	if (err)
		return err;
	img->syms = malloc(s->sh_size);
	if (!img->syms)
		return fail(e, -ENOMEM, "read the symbol table");
	memcpy(img->syms, elf_content(img, symtab), s->sh_size);
	img->n_syms = s->sh_size / sizeof(Elf64_Sym);
	img->symtab = symtab;
	return 0;
}

const char *elf_symbol_name(const struct elf_image *img, const Elf64_Sym *sym)
{
	const Elf64_Shdr *strings = &img->shdrs[img->shdrs[img->symtab].sh_link];

	if (sym->st_name >= strings->sh_size)
		return NULL;
	return (const char *)img->data + strings->sh_offset + sym->st_name;
}

/* At the end of the file, 8-aligned. */
static int append(struct elf_image *img, const void *bytes, size_t len, uint64_t *ret_off)
{
	size_t at = (img->len + 7) & ~(size_t)7;
	uint8_t *grown = realloc(img->data, at + len);

	if (!grown)
		return -ENOMEM;
	memset(grown + img->len, 0, at - img->len);
	memcpy(grown + at, bytes, len);
	img->data = grown;
	img->len = at + len;
	*ret_off = at;
	return 0;
}

int elf_replace(struct elf_image *img, uint32_t section, const void *bytes, size_t len)
{
	uint64_t off;
	int err;

	err = append(img, bytes, len, &off);
	if (err)
		return err;
	img->shdrs[section].sh_offset = off;
	if (img->shdrs[section].sh_type == SHT_NOBITS)
		img->shdrs[section].sh_type = SHT_PROGBITS;
	img->shdrs[section].sh_size = len;
	return 0;
}

int elf_rename(struct elf_image *img, uint32_t section, const char *name)
{
	Elf64_Shdr *strings = &img->shdrs[img->shstrndx];
	size_t old = strings->sh_size, len = strlen(name) + 1;
	auto_free char *text = NULL;
	int err;

	if (old + len > UINT32_MAX)
		return -E2BIG;
	text = malloc(old + len);
	if (!text)
		return -ENOMEM;
	memcpy(text, elf_content(img, img->shstrndx), old);
	memcpy(text + old, name, len);
	err = elf_replace(img, img->shstrndx, text, old + len);
	if (err)
		return err;
	img->shdrs[section].sh_name = old;
	return 0;
}

int elf_add_section(struct elf_image *img, const char *name, uint32_t *ret)
{
	Elf64_Shdr *s = &img->shdrs[img->n_shdrs];
	int err;

	memset(s, 0, sizeof(*s));
	s->sh_type = SHT_PROGBITS;
	s->sh_addralign = 8;
	s->sh_offset = img->len;
	err = elf_rename(img, img->n_shdrs, name);
	if (err)
		return err;
	*ret = img->n_shdrs++;
	return 0;
}

int elf_finish(struct elf_image *img, void **ret, size_t *ret_len)
{
	Elf64_Ehdr h;
	uint64_t shoff;
	int err;

	if (img->symtab)
		memcpy(elf_content(img, img->symtab), img->syms, img->n_syms * sizeof(Elf64_Sym));
	err = append(img, img->shdrs, img->n_shdrs * sizeof(Elf64_Shdr), &shoff);
	if (err)
		return err;
	memcpy(&h, img->data, sizeof(h));
	h.e_shoff = shoff;
	h.e_shnum = img->n_shdrs;
	memcpy(img->data, &h, sizeof(h));
	*ret = take_ptr(img->data);
	*ret_len = img->len;
	return 0;
}
