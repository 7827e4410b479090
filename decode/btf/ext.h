/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Section .BTF.ext of an object: which function starts at an instruction, its source line, and what
 * the loader must relocate in it (CO-RE). Layout: Documentation/bpf/btf.rst in the kernel, part
 * 4.2: a header, then for each of the three tables the size of its records and, for each ELF
 * section with instructions, its name, a count and the records.
 */
#ifndef DECODE_BTF_EXT_H
#define DECODE_BTF_EXT_H

#include "cli/defs.h"

struct btf_image;
struct err;

enum btf_ext_kind {
	BTF_EXT_FUNCS,
	BTF_EXT_LINES,
	BTF_EXT_RELOS,
	BTF_EXT_KINDS,
};

/*
 * The records for one ELF section. Read them with btf_ext_func(), btf_ext_line(), btf_ext_relo().
 */
struct btf_ext_section {
	const char *name;		/* of the ELF section; belongs to the BTF */
	uint32_t n;			/* records */
	uint32_t rec_size;
	const uint8_t *recs;		/* belongs to the data */
};

struct btf_ext_table {
	struct btf_ext_section *sections; /* owned; in file order, a name may be repeated */
	size_t n;
};

struct btf_ext_info {
	const struct btf_image *btf;	/* not owned */
	struct btf_ext_table tables[BTF_EXT_KINDS];	/* a table that the object lacks is empty */
};

#define auto_btf_ext __attribute__((cleanup(btf_ext_close)))

/*
 * Checks everything: extents, every name, type id and instruction offset (except against the length
 * of the ELF section, which is not known here). data may be unaligned. btf: the object's own. Both
 * must outlive ret. Returns 0, or an error that names the part; data in the other byte order is
 * rejected, decode/elf/swap.h converts whole objects. Call btf_ext_close() on success; a zeroed one
 * is allowed, too.
 */
int btf_ext_open(struct err *e, const void *data, size_t len, const struct btf_image *btf,
		 struct btf_ext_info *ret);
void btf_ext_close(struct btf_ext_info *x);

struct btf_ext_func {
	uint32_t insn_off;		/* bytes from the start of the section, here and below */
	uint32_t type_id;		/* a FUNC */
};

struct btf_ext_line {
	uint32_t insn_off;
	const char *file, *text;	/* "" if not known */
	uint32_t line, column;
};

struct btf_ext_relo {
	uint32_t insn_off;
	uint32_t type_id;		/* the type at the start of access; 0: void */
	uint32_t kind; /* enum bpf_core_relo_kind, or a newer number */
	const char *access;		/* "0:1:2"; relo.h reads it */
};

/*
 * Record i of a section in table BTF_EXT_FUNCS, _LINES, _RELOS. i < s->n. Strings belong to the
 * BTF.
 */
struct btf_ext_func btf_ext_func(const struct btf_ext_section *s, uint32_t i);
struct btf_ext_line btf_ext_line(const struct btf_ext_info *x, const struct btf_ext_section *s,
				 uint32_t i);
struct btf_ext_relo btf_ext_relo(const struct btf_ext_info *x, const struct btf_ext_section *s,
				 uint32_t i);

/* "field_byte_offset", "type_exists"...; NULL if unknown. */
const char *btf_ext_relo_name(uint32_t kind);

#endif
