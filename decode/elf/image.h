/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A relocatable BPF ELF file in memory that may be modified: section headers and symbols are copied
 * and checked against the file's bounds, new content is appended, the rest is unchanged. Only
 * 64-bit files in this machine's byte order. Does not interpret sections.
 */
#ifndef DECODE_ELF_IMAGE_H
#define DECODE_ELF_IMAGE_H

#include <elf.h>

#include "cli/defs.h"

struct err;

struct elf_image {
	uint8_t *data;			/* owned; moves if content is appended */
	size_t len;
	Elf64_Shdr *shdrs;		/* owned copy: elf_finish() replaces the file's own */
	uint32_t n_shdrs, shstrndx;
	Elf64_Sym *syms;		/* owned copy, written back by elf_finish() */
	size_t n_syms;
	uint32_t symtab;		/* section index; 0 until elf_read_symbols() */
};

#define auto_elf __attribute__((cleanup(elf_image_close)))
void elf_image_close(struct elf_image *img);

/* Would elf_image_open() accept it as an ELF file at all? Checks only the magic bytes. */
bool elf_is_elf(const void *elf, size_t len);

/*
 * Copies the file and checks header, section headers and section names. Returns 0, or an error that
 * says which part is invalid. img must be zeroed; call elf_image_close() in both cases.
 */
int elf_image_open(struct err *e, struct elf_image *img, const void *elf, size_t len);

/* Every section lies within the file and none overlap. Returns 0 or the error. */
int elf_check_layout(struct err *e, const struct elf_image *img);

/* Name of a section: NUL-terminated, valid until content is appended. */
const char *elf_section_name(const struct elf_image *img, uint32_t section);
/* The only section with that name in *ret, 0 if there is none; several are an error. */
int elf_find_section(struct err *e, const struct elf_image *img, const char *name, uint32_t *ret);
/* Content of a section that passed elf_check_layout(); NULL for one that occupies no bytes. */
uint8_t *elf_content(const struct elf_image *img, uint32_t section);

/* Fills img->syms. Returns 0 or the error. Afterwards the names of symbols can be read. */
int elf_read_symbols(struct err *e, struct elf_image *img);
/* Valid until content is appended; NULL if the symbol's name is outside the string table. */
const char *elf_symbol_name(const struct elf_image *img, const Elf64_Sym *sym);

/* Replaces the section's content by these bytes, at the end of the file. Returns 0 or -ENOMEM. */
int elf_replace(struct elf_image *img, uint32_t section, const void *bytes, size_t len);
/* Renames a section, or adds an empty section (its index in *ret). Returns 0 or -errno. */
int elf_rename(struct elf_image *img, uint32_t section, const char *name);
int elf_add_section(struct elf_image *img, const char *name, uint32_t *ret);

/* Writes symbols and section headers back and returns the file. Returns 0 or -ENOMEM. */
int elf_finish(struct elf_image *img, void **ret, size_t *ret_len);

#endif
