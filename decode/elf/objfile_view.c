// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The object as tables that are sorted once and then searched: malicious files have millions of
 * symbols and relocations.
 */
#include <errno.h>

#include "cli/array.h"
#include "cli/err.h"
#include "decode/btf/raw.h"
#include "decode/elf/swap.h"
#include "decode/elf/legacy.h"
#include "decode/elf/objfile_view.h"
#include "decode/elf/objfile_check.h"

#define INSN_SIZE 8
#define NAME_LEN_MAX 4096 /* longer names are not compared or shown: the kernel accepts 512 */

void objfile_close(struct objfile *v)
{
	elf_image_close(&v->img);
	btf_image_close(&v->btf_image);
	free(v->btf_bytes);
	free(v->funcs);
	free(v->relocs);
	free(v->named);
	*v = (struct objfile){};
}

const char *objfile_symbol_name(const struct objfile *v, const Elf64_Sym *sym)
{
	return elf_symbol_name(&v->img, sym) ?: "";
}

uint32_t objfile_section(const struct objfile *v, const char *name)
{
	uint32_t i;

	for (i = 1; i < v->img.n_shdrs; i++)
		if (streq(elf_section_name(&v->img, i), name))
			return i;
	return 0;
}

const uint8_t *objfile_bytes(const struct objfile *v, uint32_t section, size_t *ret_len)
{
	const uint8_t *bytes = section ? elf_content(&v->img, section) : NULL;

	*ret_len = bytes ? v->img.shdrs[section].sh_size : 0;
	return bytes;
}

void objfile_section_text(const struct objfile *v, const char *section, char *ret, size_t size)
{
	size_t len;
	const uint8_t *bytes = objfile_bytes(v, objfile_section(v, section), &len);

	snprintf(ret, size, "%.*s", len < size ? (int)len : (int)size - 1,
		 bytes ? (const char *)bytes : "");
}

/* --- symbols --- */

static int by_name(const void *a, const void *b, void *data)
{
	const Elf64_Sym *x = *(const Elf64_Sym *const *)a, *y = *(const Elf64_Sym *const *)b;

	if (x->st_shndx != y->st_shndx)
		return x->st_shndx < y->st_shndx ? -1 : 1;
	if (x->st_name == y->st_name)
		return 0;
	return strcmp(objfile_symbol_name(data, x), objfile_symbol_name(data, y));
}

static int index_names(struct err *e, struct objfile *v)
{
	v->named = calloc(v->img.n_syms + 1, sizeof(*v->named));
	if (!v->named)
		return fail(e, -ENOMEM, "sort the symbols");
	for (size_t i = 1; i < v->img.n_syms; i++) {
		const char *name = objfile_symbol_name(v, &v->img.syms[i]);
		size_t len = strnlen(name, NAME_LEN_MAX);

		if (len == NAME_LEN_MAX)
			return fail_msg(e, -EINVAL, "symbol %zu has a name of more than %d bytes",
					i, NAME_LEN_MAX - 1);
		if (len)
			v->named[v->n_named++] = &v->img.syms[i];
	}
	qsort_r(v->named, v->n_named, sizeof(*v->named), by_name, v);
	return 0;
}

const Elf64_Sym *objfile_symbol(const struct objfile *v, uint32_t section, const char *name)
{
	size_t low = 0, high = v->n_named;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const Elf64_Sym *s = v->named[mid];
		int order = s->st_shndx != section ? (s->st_shndx < section ? -1 : 1) :
						     strcmp(objfile_symbol_name(v, s), name);

		if (!order)
			return s;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* --- functions --- */

static bool is_code(const struct objfile *v, uint32_t section)
{
	const Elf64_Shdr *s = section && section < v->img.n_shdrs ? &v->img.shdrs[section] : NULL;

	return s && s->sh_type == SHT_PROGBITS && (s->sh_flags & SHF_EXECINSTR);
}

static int add_func(struct err *e, struct objfile *v, const Elf64_Sym *sym)
{
	uint64_t room = v->img.shdrs[sym->st_shndx].sh_size;
	struct objfile_func f = { .name = objfile_symbol_name(v, sym),
				  .sym = sym,
				  .section = sym->st_shndx,
				  .off = sym->st_value,
				  .len = sym->st_size };
	const char *section = elf_section_name(&v->img, f.section);

	if (f.off > room || f.len > room - f.off)
		return fail_msg(e, -EINVAL,
				"function '%s' lies beyond the end of section '%s', byte %llu",
				f.name, section, (unsigned long long)room);
	if (f.off % INSN_SIZE || f.len % INSN_SIZE)
		return fail_msg(e, -EINVAL,
				"function '%s' (%llu bytes at byte %llu of section '%s') is not a "
				"multiple of 8 bytes",
				f.name, (unsigned long long)f.len, (unsigned long long)f.off,
				section);
	f.is_prog = !streq(section, ".text");
	v->funcs[v->n_funcs++] = f;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct objfile_func *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->sym < y->sym ? -1 : x->sym > y->sym;
}

/* Several names for one function are allowed; but the time to read all of them must be limited. */
static int check_func_sizes(struct err *e, const struct objfile *v)
{
	uint64_t total = 0;

	for (size_t i = 0; i < v->n_funcs; i++)
		total += v->funcs[i].len;
	if (total / 4 <= v->file_len)
		return 0;
	return fail_msg(e, -EINVAL,
			"functions overlap: together they have %llu bytes, the file %zu",
			(unsigned long long)total, v->file_len);
}

/* Functions in .text are called by others; only one that is alone in the object is a program. */
static int find_funcs(struct err *e, struct objfile *v)
{
	size_t i, n = 0;
	int err = 0;

	for (i = 1; i < v->img.n_syms; i++)
		n += ELF64_ST_TYPE(v->img.syms[i].st_info) == STT_FUNC;
	v->funcs = calloc(n + 1, sizeof(*v->funcs));
	if (!v->funcs)
		return fail(e, -ENOMEM, "list the functions");
	for (i = 1; !err && i < v->img.n_syms; i++) {
		const Elf64_Sym *sym = &v->img.syms[i];

		if (ELF64_ST_TYPE(sym->st_info) == STT_FUNC && is_code(v, sym->st_shndx))
			err = add_func(e, v, sym);
	}
	qsort(v->funcs, v->n_funcs, sizeof(*v->funcs), by_place);
	if (v->n_funcs == 1)
		v->funcs[0].is_prog = true;
	return err ?: check_func_sizes(e, v);
}

const struct objfile_func *objfile_func_at(const struct objfile *v, uint32_t section, uint64_t off)
{
	size_t i = count_before(v->funcs, v->n_funcs, f,
				f->section < section ||
					(f->section == section && f->off + f->len <= off));

	if (i == v->n_funcs || v->funcs[i].section != section || v->funcs[i].off > off)
		return NULL;
	return &v->funcs[i];
}

/* --- relocations --- */

static bool is_loaded(const struct objfile *v, uint32_t section)
{
	return section && section < v->img.n_shdrs && (v->img.shdrs[section].sh_flags & SHF_ALLOC);
}

static int by_reloc_place(const void *a, const void *b)
{
	const struct objfile_reloc *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->off < y->off ? -1 : x->off > y->off;
}

static int add_relocs(struct err *e, struct objfile *v, uint32_t section)
{
	const Elf64_Shdr *s = &v->img.shdrs[section];
	const char *name = elf_section_name(&v->img, s->sh_info);
	const uint8_t *bytes = elf_content(&v->img, section);
	Elf64_Rel rel;

	if (s->sh_entsize != sizeof(rel) || s->sh_size % sizeof(rel) || s->sh_link != v->img.symtab)
		return fail_msg(e, -EINVAL, "the relocations of section '%s' are malformed",
				name);
	for (uint64_t at = 0; bytes && at < s->sh_size; at += sizeof(rel)) {
		memcpy(&rel, bytes + at, sizeof(rel));
		if (ELF64_R_SYM(rel.r_info) >= v->img.n_syms)
			return fail_msg(e, -EINVAL,
					"a relocation of section '%s' refers to symbol %llu of %zu",
					name, (unsigned long long)ELF64_R_SYM(rel.r_info),
					v->img.n_syms);
		v->relocs[v->n_relocs++] = (struct objfile_reloc){
			.section = s->sh_info,
			.type = ELF64_R_TYPE(rel.r_info),
			.off = rel.r_offset,
			.sym = &v->img.syms[ELF64_R_SYM(rel.r_info)],
		};
	}
	return 0;
}

static int find_relocs(struct err *e, struct objfile *v)
{
	size_t n = 0;
	uint32_t i;
	int err = 0;

	for (i = 1; i < v->img.n_shdrs; i++)
		if (v->img.shdrs[i].sh_type == SHT_REL && is_loaded(v, v->img.shdrs[i].sh_info))
			n += v->img.shdrs[i].sh_size / sizeof(Elf64_Rel);
	v->relocs = calloc(n + 1, sizeof(*v->relocs));
	if (!v->relocs)
		return fail(e, -ENOMEM, "list the relocations");
	for (i = 1; !err && i < v->img.n_shdrs; i++)
		if (v->img.shdrs[i].sh_type == SHT_REL && is_loaded(v, v->img.shdrs[i].sh_info))
			err = add_relocs(e, v, i);
	qsort(v->relocs, v->n_relocs, sizeof(*v->relocs), by_reloc_place);
	return err;
}

static size_t first_reloc(const struct objfile *v, uint32_t section, uint64_t off)
{
	return count_before(v->relocs, v->n_relocs, r,
			    r->section < section || (r->section == section && r->off < off));
}

const struct objfile_reloc *objfile_relocs(const struct objfile *v, uint32_t section, uint64_t off,
					   uint64_t len, size_t *ret_n)
{
	size_t first = first_reloc(v, section, off);

	*ret_n = first_reloc(v, section, off + len) - first;
	return &v->relocs[first];
}

/* --- BTF --- */

/* libbpf reads it only after it was found valid. */
static int read_btf(struct err *e, struct objfile *v)
{
	size_t len;
	const uint8_t *bytes = objfile_bytes(v, objfile_section(v, ".BTF"), &len);
	int err;

	if (!bytes)
		return 0;
	err = btf_image_copy(e, bytes, len, &v->btf_bytes, &v->btf_image);
	err = err ?: btf_image_check_strict(e, &v->btf_image);
	if (!err)
		v->btf = &v->btf_image;
	return err;
}

struct named_type {
	const char *name;
	uint32_t id;
};

static int by_type_name(const void *a, const void *b)
{
	return strcmp(((const struct named_type *)a)->name, ((const struct named_type *)b)->name);
}

static int find_func_types(struct err *e, struct objfile *v)
{
	uint32_t id, n_types = v->btf ? btf_image_end(v->btf) : 1;
	auto_free struct named_type *types = NULL;
	size_t n = 0;

	for (id = 1; id < n_types; id++)
		n += btf_is_func(btf_image_type(v->btf, id));
	types = calloc(n + 1, sizeof(*types));
	if (!types)
		return fail(e, -ENOMEM, "find the types of functions");
	for (id = 1, n = 0; id < n_types; id++) {
		const struct btf_type *t = btf_image_type(v->btf, id);

		if (btf_is_func(t))
			types[n++] = (struct named_type){ btf_image_name(v->btf, t), id };
	}
	qsort(types, n, sizeof(*types), by_type_name);
	for (size_t i = 0; i < v->n_funcs; i++) {
		struct named_type key = { .name = v->funcs[i].name };
		const struct named_type *found = bsearch(&key, types, n, sizeof(key), by_type_name);

		v->funcs[i].type = found ? found->id : 0;
	}
	return 0;
}

/* --- the whole --- */

static int check_section_names(struct err *e, const struct objfile *v)
{
	for (uint32_t i = 1; i < v->img.n_shdrs; i++)
		if (strnlen(elf_section_name(&v->img, i), NAME_LEN_MAX) == NAME_LEN_MAX)
			return fail_msg(e, -EINVAL, "section %u has a name of more than %d bytes",
					i, NAME_LEN_MAX - 1);
	return 0;
}

static int open_image(struct err *e, const void *elf, size_t len, struct objfile *v)
{
	int err = elf_image_open(e, &v->img, elf, len);

	err = err ?: elf_check_layout(e, &v->img);
	err = err ?: check_section_names(e, v);
	return err ?: elf_read_symbols(e, &v->img);
}

/*
 * Data about the file itself, before the conversion of definitions, which adds BTF, and trusts its
 * input.
 */
static int note_origin(struct err *e, const void *elf, size_t len, struct objfile *v)
{
	struct objfile as_it_is = {};
	int err = open_image(e, elf, len, &as_it_is);
	size_t n = 0;

	if (!err)
		(void)objfile_bytes(&as_it_is, objfile_section(&as_it_is, ".BTF"), &n);
	err = err ?: read_btf(e, &as_it_is);
	v->btf_len = (uint32_t)n;
	v->n_types = as_it_is.btf_image.n_types;
	v->file_len = len;
	objfile_close(&as_it_is);
	return err;
}

static int read_tables(struct err *e, struct objfile *v)
{
	int err = index_names(e, v);

	v->btf_ext = objfile_section(v, ".BTF.ext");
	err = err ?: find_funcs(e, v);
	err = err ?: find_relocs(e, v);
	err = err ?: read_btf(e, v);
	return err ?: find_func_types(e, v);
}

static int open_native(struct err *e, const void *elf, size_t len, struct objfile *v)
{
	struct legacy l = {};
	int err = note_origin(e, elf, len, v);

	if (err)
		return err;
	err = legacy_convert(e, elf, len, &l);
	if (err < 0)
		return err;
	v->n_legacy = l.n_maps;
	err = err ? open_image(e, elf, len, v) : open_image(e, l.elf, l.len, v);
	free(l.elf);
	return err ?: read_tables(e, v);
}

int objfile_open(struct err *e, const void *elf, size_t len, struct objfile *v)
{
	auto_free void *turned = NULL;
	int err = elf_swap(e, elf, len, &turned);

	if (err < 0)
		return err;
	v->foreign = !err;
	return open_native(e, turned ?: elf, len, v);
}
