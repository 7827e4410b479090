/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * An object file for inspection, without libbpf: sections, symbols, functions, relocations, BTF,
 * everything checked. Do not copy. Legacy map definitions are converted, and so is the other byte
 * order.
 */
#ifndef DECODE_ELF_OBJFILE_VIEW_H
#define DECODE_ELF_OBJFILE_VIEW_H

#include "decode/btf/raw.h"
#include "decode/elf/image.h"

/* Code with a name: an entry point, or a called function. */
struct objfile_func {
	const char *name;
	const Elf64_Sym *sym;
	uint32_t section;
	uint64_t off, len;		/* bytes, within the section */
	uint32_t type;			/* id of the FUNC with its name in BTF; 0: not known */
	bool is_prog;
};

/* A location that is filled in when the object is loaded. */
struct objfile_reloc {
	uint32_t section;		/* of the location */
	uint32_t type;
	uint64_t off;
	const Elf64_Sym *sym;
};

struct objfile {
	struct elf_image img;
	const struct btf_image *btf;	/* btf_image; NULL: the object has none */
	struct btf_image btf_image;
	void *btf_bytes;		/* owned: its bytes */
	uint32_t btf_len, n_types;	/* in the file: a conversion adds types */
	uint32_t btf_ext;		/* section of .BTF.ext, 0: none */
	size_t file_len;
	bool foreign;			/* other byte order: so are numbers in data sections */
	unsigned int n_legacy;		/* map definitions that were converted */
	struct objfile_func *funcs;		/* by section and offset */
	size_t n_funcs;
	struct objfile_reloc *relocs; /* by section and offset; of loaded sections only */
	size_t n_relocs;
	const Elf64_Sym **named;	/* all with a name, by section and name */
	size_t n_named;
};

#define auto_objfile __attribute__((cleanup(objfile_close)))

/*
 * Returns 0, or an error that says which part is invalid. v must be zeroed; close it in both cases.
 */
int objfile_open(struct err *e, const void *elf, size_t len, struct objfile *v);
void objfile_close(struct objfile *v);

/* The first section with that name; 0: there is none. */
uint32_t objfile_section(const struct objfile *v, const char *name);
/* The name of a symbol, "" if it has none. */
const char *objfile_symbol_name(const struct objfile *v, const Elf64_Sym *sym);
/* The symbol with that name in a section (SHN_UNDEF: defined elsewhere), or NULL. */
const Elf64_Sym *objfile_symbol(const struct objfile *v, uint32_t section, const char *name);
/* The function that contains this byte of a section, or NULL. */
const struct objfile_func *objfile_func_at(const struct objfile *v, uint32_t section, uint64_t off);
/* The relocations within [off, off + len) of a section: the first one; their number in *ret_n. */
const struct objfile_reloc *objfile_relocs(const struct objfile *v, uint32_t section, uint64_t off,
					   uint64_t len, size_t *ret_n);
/* Content of a section; NULL if it has none. */
const uint8_t *objfile_bytes(const struct objfile *v, uint32_t section, size_t *ret_len);
/* The string in a section (license), "" if there is none. Copied, truncated to size. */
void objfile_section_text(const struct objfile *v, const char *section, char *ret, size_t size);

#endif
