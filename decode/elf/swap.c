// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Conversion of the byte order. Bounds are checked before anything is converted; other errors in
 * the file are found by the code that reads it afterwards.
 */
#include <elf.h>
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/image.h"
#include "decode/elf/swap.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OTHER_DATA ELFDATA2MSB
#define HOST_DATA ELFDATA2LSB
#else
#define OTHER_DATA ELFDATA2LSB
#define HOST_DATA ELFDATA2MSB
#endif

#define INSN_SIZE 8
#define EXT_LEAD 4		/* magic (two bytes), version, flags */

struct swap {
	struct err *e;
	uint8_t *data;
	size_t len;
	char *names; /* of sections; a copy, as malicious sections may overlap it */
	size_t names_len;
	uint64_t turned;		/* bytes so far */
};

static void turn(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t byte = p[i];

		p[i] = p[n - 1 - i];
		p[n - 1 - i] = byte;
	}
}

/* Consecutive fields, their sizes as digits: "224" are two of 2 bytes and one of 4. */
static void turn_fields(uint8_t *p, const char *sizes)
{
	for (; *sizes; sizes++) {
		turn(p, *sizes - '0');
		p += *sizes - '0';
	}
}

/* As many complete records as there are. */
static void turn_all(uint8_t *p, uint64_t len, size_t record, const char *sizes)
{
	for (uint64_t at = 0; len - at >= record; at += record)
		turn_fields(p + at, sizes);
}

/* Code, two registers of 4 bits each, offset, immediate. */
static void turn_insns(uint8_t *p, uint64_t len)
{
	for (uint64_t at = 0; len - at >= INSN_SIZE; at += INSN_SIZE) {
		p[at + 1] = p[at + 1] << 4 | p[at + 1] >> 4;
		turn_fields(p + at + 2, "24");
	}
}

static void turn_ext(uint8_t *p, uint64_t len)
{
	if (len < EXT_LEAD)
		return;
	turn(p, 2);
	turn_all(p + EXT_LEAD, len - EXT_LEAD, 4, "4");
}

static const char *section_name(const struct swap *s, const Elf64_Shdr *sh)
{
	return sh->sh_name < s->names_len ? s->names + sh->sh_name : "";
}

static int turn_section(struct swap *s, const Elf64_Shdr *sh)
{
	const char *name = section_name(s, sh);
	uint8_t *p;

	if (sh->sh_type == SHT_NULL || sh->sh_type == SHT_NOBITS)
		return 0;
	if (sh->sh_offset > s->len || sh->sh_size > s->len - sh->sh_offset)
		return fail_msg(s->e, -EINVAL,
				"section '%s' lies beyond the end of the file, byte %zu", name,
				s->len);
	s->turned += sh->sh_size;
	if (s->turned > s->len)
		return fail_msg(s->e, -EINVAL,
				"sections overlap: together they are longer than the file");
	p = s->data + sh->sh_offset;
	if (sh->sh_type == SHT_SYMTAB)
		turn_all(p, sh->sh_size, sizeof(Elf64_Sym), "411288");
	else if (sh->sh_type == SHT_REL)
		turn_all(p, sh->sh_size, sizeof(Elf64_Rel), "88");
	else if (sh->sh_flags & SHF_EXECINSTR)
		turn_insns(p, sh->sh_size);
	else if (streq(name, ".BTF.ext"))
		turn_ext(p, sh->sh_size);
	else if (streq(name, "maps") || streq(name, "version"))
		turn_all(p, sh->sh_size, 4, "4");
	else if (streq(name, ".BTF"))
		btf_image_turn(p, sh->sh_size);
	return 0;
}

/* Names without an end in the file are treated as missing. */
static int copy_names(struct swap *s, const Elf64_Ehdr *h)
{
	Elf64_Shdr sh;

	if (h->e_shstrndx >= h->e_shnum)
		return 0;
	memcpy(&sh, s->data + h->e_shoff + h->e_shstrndx * sizeof(sh), sizeof(sh));
	if (sh.sh_type != SHT_STRTAB || !sh.sh_size || sh.sh_offset > s->len ||
	    sh.sh_size > s->len - sh.sh_offset || s->data[sh.sh_offset + sh.sh_size - 1])
		return 0;
	s->names = malloc(sh.sh_size);
	if (!s->names)
		return fail(s->e, -ENOMEM, "copy the names of sections");
	memcpy(s->names, s->data + sh.sh_offset, sh.sh_size);
	s->names_len = sh.sh_size;
	return 0;
}

static int turn_file(struct swap *s)
{
	Elf64_Ehdr h;
	int err;

	turn_fields(s->data + EI_NIDENT, "2248884222222");
	s->data[EI_DATA] = HOST_DATA;
	memcpy(&h, s->data, sizeof(h));
	if (h.e_shentsize != sizeof(Elf64_Shdr) || h.e_shoff > s->len ||
	    h.e_shnum * sizeof(Elf64_Shdr) > s->len - h.e_shoff)
		return 0;	/* the reader will report it */
	turn_all(s->data + h.e_shoff, h.e_shnum * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr),
		 "4488884488");
	err = copy_names(s, &h);
	for (unsigned int i = 0; !err && i < h.e_shnum; i++) {
		Elf64_Shdr sh;

		memcpy(&sh, s->data + h.e_shoff + i * sizeof(sh), sizeof(sh));
		err = turn_section(s, &sh);
	}
	return err;
}

int elf_swap(struct err *e, const void *elf, size_t len, void **ret)
{
	struct swap s = { .e = e, .len = len };
	const uint8_t *ident = elf;
	int err;

	if (len < sizeof(Elf64_Ehdr) || memcmp(ident, ELFMAG, SELFMAG) ||
	    ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != OTHER_DATA)
		return 1;
	s.data = malloc(len);
	if (!s.data)
		return fail(e, -ENOMEM, "copy the object");
	memcpy(s.data, elf, len);
	err = turn_file(&s);
	free(s.names);
	if (err)
		free(s.data);
	else
		*ret = s.data;
	return err;
}
