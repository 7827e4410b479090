// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Legacy map definitions: objects are composed here byte by byte, converted, and opened by libbpf
 * (which needs no privileges). Then invalid ones: truncated at every byte, and many random changes.
 */
#include <errno.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/elf/image.h"
#include "decode/elf/legacy.h"
#include "decode/elf/objfile_check.h"
#include "tap.h"

enum {
	SEC_STRTAB = 1,
	SEC_CODE, SEC_REL, SEC_MAPS, SEC_LICENSE, SEC_SYMTAB, SEC_BTF, SEC_DOTMAPS,
	N_SECS
};
enum { SYM_CODE = 1, SYM_MAPS, SYM_FIRST_MAP };

#define MAX_TEST_MAPS 8

struct test_map {
	const char *name;
	uint32_t off, size;
	int bind;
};

/* An object: the code has one reference to a map per element of refs, then returns. */
struct spec {
	struct test_map maps[MAX_TEST_MAPS];
	uint32_t words[64];		/* content of section maps */
	uint32_t words_len;		/* bytes */
	struct {
		uint32_t symbol, addend;
	} refs[4];
	unsigned int n_refs;
	struct btf *btf;
	bool dotmaps;			/* a BTF-defined map "modern" in .maps of 32 bytes */
};

struct image {
	uint8_t bytes[16384];
	size_t len;
	Elf64_Shdr sh[N_SECS];
	char strings[1024];
	size_t strings_len;
};

static uint32_t add_string(struct image *im, const char *s)
{
	size_t at = im->strings_len, len = strlen(s) + 1;

	memcpy(im->strings + at, s, len);
	im->strings_len += len;
	return at;
}

static void add_section(struct image *im, int i, const char *name, uint32_t type, const void *bytes,
			size_t len)
{
	Elf64_Shdr *s = &im->sh[i];

	im->len = (im->len + 7) & ~(size_t)7;
	s->sh_name = *name ? add_string(im, name) : 0;
	s->sh_type = type;
	s->sh_offset = im->len;
	s->sh_size = len;
	s->sh_addralign = 8;
	memcpy(im->bytes + im->len, bytes, len);
	im->len += len;
}

static size_t n_maps(const struct spec *sp)
{
	size_t n = 0;

	while (n < MAX_TEST_MAPS && sp->maps[n].name)
		n++;
	return n;
}

static void add_code(struct image *im, const struct spec *sp)
{
	struct bpf_insn code[16] = { 0 };
	Elf64_Rel rel[4];
	unsigned int i, n = 0;

	for (i = 0; i < sp->n_refs; i++) {
		rel[i] = (Elf64_Rel){ n * 8, ELF64_R_INFO((uint64_t)sp->refs[i].symbol, 1) };
		code[n++] = (struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 1,
					       .imm = (int)sp->refs[i].addend };
		n++;
	}
	code[n++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 2 };
	code[n++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	add_section(im, SEC_CODE, "xdp", SHT_PROGBITS, code, n * 8);
	im->sh[SEC_CODE].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	add_section(im, SEC_REL, ".relxdp", SHT_REL, rel, sp->n_refs * sizeof(rel[0]));
	im->sh[SEC_REL].sh_link = SEC_SYMTAB;
	im->sh[SEC_REL].sh_info = SEC_CODE;
	im->sh[SEC_REL].sh_entsize = sizeof(Elf64_Rel);
}

static void add_symbols(struct image *im, const struct spec *sp)
{
	Elf64_Sym sym[SYM_FIRST_MAP + MAX_TEST_MAPS + 2] = { 0 };
	size_t i, n = SYM_FIRST_MAP;

	sym[SYM_CODE].st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION);
	sym[SYM_CODE].st_shndx = SEC_CODE;
	sym[SYM_MAPS].st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION);
	sym[SYM_MAPS].st_shndx = SEC_MAPS;
	for (i = 0; i < n_maps(sp); i++)
		sym[n++] = (Elf64_Sym){ add_string(im, sp->maps[i].name),
					ELF64_ST_INFO(sp->maps[i].bind, STT_OBJECT), 0, SEC_MAPS,
					sp->maps[i].off, sp->maps[i].size };
	sym[n++] = (Elf64_Sym){
		add_string(im, "prog"),	 ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, SEC_CODE, 0,
		im->sh[SEC_CODE].sh_size
	};
	if (sp->dotmaps)
		sym[n++] = (Elf64_Sym){ add_string(im, "modern"),
					ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
					0, SEC_DOTMAPS, 0,
					32 };
	add_section(im, SEC_SYMTAB, ".symtab", SHT_SYMTAB, sym, n * sizeof(sym[0]));
	im->sh[SEC_SYMTAB].sh_link = SEC_STRTAB;
	im->sh[SEC_SYMTAB].sh_entsize = sizeof(Elf64_Sym);
	im->sh[SEC_SYMTAB].sh_info = 1;
}

static void finish_image(struct image *im)
{
	Elf64_Ehdr h = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			 .e_type = ET_REL,
			 .e_machine = 247,
			 .e_version = EV_CURRENT,
			 .e_ehsize = sizeof(h),
			 .e_shentsize = sizeof(Elf64_Shdr),
			 .e_shnum = N_SECS,
			 .e_shstrndx = SEC_STRTAB };

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		h.e_ident[EI_DATA] = ELFDATA2MSB;
	h.e_shoff = (im->len + 7) & ~(size_t)7;
	memcpy(im->bytes + h.e_shoff, im->sh, sizeof(im->sh));
	memcpy(im->bytes, &h, sizeof(h));
	im->len = h.e_shoff + sizeof(im->sh);
}

static void build(struct image *im, const struct spec *sp)
{
	static const uint8_t nothing[32];
	const void *btf = NULL;
	uint32_t btf_len = 0;
	uint32_t name;

	memset(im, 0, sizeof(*im));
	im->len = sizeof(Elf64_Ehdr);
	add_string(im, "");
	add_code(im, sp);
	add_section(im, SEC_MAPS, "maps", SHT_PROGBITS, sp->words, sp->words_len);
	im->sh[SEC_MAPS].sh_flags = SHF_ALLOC | SHF_WRITE;
	add_section(im, SEC_LICENSE, "license", SHT_PROGBITS, "GPL", 4);
	add_symbols(im, sp);
	if (sp->btf)
		btf = btf__raw_data(sp->btf, &btf_len);
	if (btf)
		add_section(im, SEC_BTF, ".BTF", SHT_PROGBITS, btf, btf_len);
	if (sp->dotmaps)
		add_section(im, SEC_DOTMAPS, ".maps", SHT_PROGBITS, nothing, sizeof(nothing));
	name = add_string(im, ".strtab");
	add_section(im, SEC_STRTAB, "", SHT_STRTAB, im->strings, im->strings_len);
	im->sh[SEC_STRTAB].sh_name = name;
	finish_image(im);
}

static int quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level, (void)fmt, (void)ap;
	return 0;
}

/* Converts and opens; the caller closes. NULL with a failed check. */
static struct bpf_object *converted(const struct image *im, struct legacy *l, const char *what)
{
	struct err e = { 0 };
	struct bpf_object *obj = NULL;
	int err;

	memset(l, 0, sizeof(*l));
	err = legacy_convert(&e, im->bytes, im->len, l);
	if (!err)
		obj = bpf_object__open_mem(l->elf, l->len, NULL);
	if (!ok(!err && obj, "%s: converted and opened by libbpf", what))
		printf("# %d %s\n", err, e.text);
	err_clear(&e);
	return obj;
}

static void is_refused(const struct image *im, const char *part, const char *what)
{
	struct err e = { 0 };
	struct legacy l = { 0 };
	int err = legacy_convert(&e, im->bytes, im->len, &l);

	ok(err < 0 && strstr(e.text, part), "%s: refused", what);
	if (!strstr(e.text, part))
		printf("# %d '%s', want '%s'\n", err, e.text, part);
	free(l.elf);
	err_clear(&e);
}

static void is_map(const struct bpf_object *obj, const char *name, const uint32_t want[5])
{
	const struct bpf_map *m = bpf_object__find_map_by_name(obj, name);

	if (!ok(m != NULL, "map %s is there", name))
		return;
	ok(bpf_map__type(m) == want[0] && bpf_map__key_size(m) == want[1] &&
	   bpf_map__value_size(m) == want[2] && bpf_map__max_entries(m) == want[3] &&
	   bpf_map__map_flags(m) == want[4], "map %s has the numbers of its definition", name);
}

static const struct spec two_maps = {
	.maps = { { "first", 0, 20, STB_GLOBAL }, { "second", 20, 20, STB_LOCAL } },
	.words = { BPF_MAP_TYPE_HASH, 4, 8, 100, 1, BPF_MAP_TYPE_ARRAY, 4, 16, 3000000000, 0 },
	.words_len = 40,
	.refs = { { SYM_FIRST_MAP, 0 }, { SYM_MAPS, 20 } },
	.n_refs = 2,
};

static void test_plain(void)
{
	struct image im;
	struct legacy l;
	struct elf_image after = { 0 };
	struct err e = { 0 };
	struct bpf_object *obj;
	Elf64_Rel rel[2];
	struct bpf_insn code[4];

	build(&im, &two_maps);
	obj = converted(&im, &l, "without BTF");
	is_map(obj, "first", (uint32_t[]){ BPF_MAP_TYPE_HASH, 4, 8, 100, 1 });
	is_map(obj, "second", (uint32_t[]){ BPF_MAP_TYPE_ARRAY, 4, 16, 3000000000, 0 });
	is_int(l.n_maps, 2, "both are counted");
	bpf_object__close(obj);

	ok(!elf_image_open(&e, &after, l.elf, l.len) && !elf_check_layout(&e, &after) &&
	   !elf_read_symbols(&e, &after), "the new object passes our own checks");
	memcpy(rel, elf_content(&after, SEC_REL), sizeof(rel));
	memcpy(code, elf_content(&after, SEC_CODE), sizeof(code));
	is_int(ELF64_R_SYM(rel[0].r_info), SYM_FIRST_MAP, "reference to a global map stays");
	is_int(ELF64_R_SYM(rel[1].r_info), SYM_FIRST_MAP + 1,
	       "reference to a static map names its symbol");
	is_int(code[2].imm, 0, "and its offset is gone from the instruction");
	is_int(ELF64_ST_BIND(after.syms[SYM_FIRST_MAP + 1].st_info), STB_GLOBAL,
	       "static maps become global");
	ok(!memcmp(elf_content(&after, SEC_LICENSE), "GPL", 4), "other sections stay");
	elf_image_close(&after);
	free(l.elf);
}

static void test_layouts(void)
{
	struct spec sp = {
		.maps = { { "shortest", 0, 16, STB_GLOBAL }, { "numa", 16, 28, STB_GLOBAL },
			  { "iproute", 44, 36, STB_GLOBAL }, { "outer", 80, 36, STB_GLOBAL },
			  { "longest", 116, 48, STB_GLOBAL } },
		.words = { 1, 4, 8, 10,
			   1, 4, 8, 11, 4 /* BPF_F_NUMA_NODE */, 0, 7,
			   1, 4, 8, 12, 0, 42 /* id */, 2 /* pinning */, 0, 0,
			   12 /* array of maps */, 4, 4, 13, 0, 1, 0, 42 /* inner id */, 0,
			   2, 4, 8, 14, 0, 0, 0, 0, 0, 0, 0, 0 },
		.words_len = 164,
	};
	struct image im;
	struct legacy l;
	struct bpf_object *obj;
	const struct bpf_map *m;

	build(&im, &sp);
	obj = converted(&im, &l, "definitions of 16 to 48 bytes");
	is_map(obj, "shortest", (uint32_t[]){ 1, 4, 8, 10, 0 });
	is_map(obj, "numa", (uint32_t[]){ 1, 4, 8, 11, 4 });
	is_map(obj, "outer", (uint32_t[]){ 12, 4, 4, 13, 0 });
	is_map(obj, "longest", (uint32_t[]){ 2, 4, 8, 14, 0 });
	m = bpf_object__find_map_by_name(obj, "numa");
	is_int(m ? bpf_map__numa_node(m) : 0, 7, "NUMA node of the kernel samples' layout");
	m = bpf_object__find_map_by_name(obj, "outer");
	m = m ? bpf_map__inner_map((struct bpf_map *)m) : NULL;
	ok(m && bpf_map__type(m) == 1 && bpf_map__max_entries(m) == 12,
	   "inner map of iproute2's layout");
	is_int(l.n_pinned, 1, "pinning that is not done is counted");
	is_int(l.n_unfilled, 1, "inner maps not put in are counted");
	bpf_object__close(obj);
	free(l.elf);

	/* The form of the kernel samples: index of the inner map. */
	sp = (struct spec){
		.maps = { { "outer", 0, 24, STB_GLOBAL }, { "inner", 24, 24, STB_GLOBAL } },
		.words = { 13, 4, 4, 5, 0, 1, 1, 4, 8, 99, 0, 0 }, .words_len = 48,
	};
	build(&im, &sp);
	obj = converted(&im, &l, "inner map by position");
	m = bpf_object__find_map_by_name(obj, "outer");
	m = m ? bpf_map__inner_map((struct bpf_map *)m) : NULL;
	is_int(m ? bpf_map__max_entries(m) : 0, 99, "inner map of the samples' layout");
	bpf_object__close(obj);
	free(l.elf);
}

static void test_no_size(void)
{
	struct spec sp = two_maps;
	struct image im;
	struct legacy l;
	struct bpf_object *obj;

	sp.maps[0].size = sp.maps[1].size = 0;
	build(&im, &sp);
	obj = converted(&im, &l, "symbols without a size");
	is_map(obj, "second", (uint32_t[]){ BPF_MAP_TYPE_ARRAY, 4, 16, 3000000000, 0 });
	bpf_object__close(obj);
	free(l.elf);
}

/* The output of clang -g for two_maps, and an annotation with the types of the first map. */
static struct btf *legacy_btf(bool dotmaps)
{
	struct btf *btf = btf__new_empty();
	int u32_id = btf__add_int(btf, "unsigned int", 4, 0);
	int u64_id = btf__add_int(btf, "unsigned long long", 8, 0);
	int def, a, b, arr, ptr, modern;

	def = btf__add_struct(btf, "bpf_map_def", 4);
	btf__add_field(btf, "type", u32_id, 0, 0);
	a = btf__add_var(btf, "first", BTF_VAR_GLOBAL_ALLOCATED, def);
	b = btf__add_var(btf, "second", BTF_VAR_STATIC, def);
	btf__add_datasec(btf, "maps", 0);
	btf__add_datasec_var_info(btf, a, 0, 20);
	btf__add_datasec_var_info(btf, b, 0, 20);
	btf__add_struct(btf, "____btf_map_first", 16);
	btf__add_field(btf, "key", u32_id, 0, 0);
	btf__add_field(btf, "value", u64_id, 64, 0);
	if (!dotmaps)
		return btf;
	arr = btf__add_array(btf, u32_id, u32_id, BPF_MAP_TYPE_ARRAY);
	ptr = btf__add_ptr(btf, arr);
	def = btf__add_struct(btf, NULL, 32);
	btf__add_field(btf, "type", ptr, 0, 0);
	btf__add_field(btf, "key_size", ptr, 64, 0);
	btf__add_field(btf, "value_size", ptr, 128, 0);
	btf__add_field(btf, "max_entries", ptr, 192, 0);
	modern = btf__add_var(btf, "modern", BTF_VAR_GLOBAL_ALLOCATED, def);
	btf__add_datasec(btf, ".maps", 0);
	btf__add_datasec_var_info(btf, modern, 0, 32);
	return btf;
}

/* All types are still there, with the same ids; only map variables and sections differ. */
static void is_superset(const struct btf *before, const struct legacy *l)
{
	struct elf_image after = { 0 };
	struct err e = { 0 };
	struct btf *btf = NULL;
	unsigned int i, same = 0, n = btf__type_cnt(before);

	if (!elf_image_open(&e, &after, l->elf, l->len))
		btf = btf__new(elf_content(&after, SEC_BTF), after.shdrs[SEC_BTF].sh_size);
	for (i = 1; btf && i < n; i++) {
		const struct btf_type *x = btf__type_by_id(before, i), *y = btf__type_by_id(btf, i);
		bool changes = btf_is_datasec(x);

		same += y &&
			(changes || (btf_kind(x) == btf_kind(y) && x->name_off == y->name_off &&
				     (btf_is_var(x) || x->size == y->size)));
	}
	is_int(same, n - 1, "types keep their ids, names their offsets");
	btf__free(btf);
	elf_image_close(&after);
}

static void test_btf(void)
{
	struct spec sp = two_maps;
	struct image im;
	struct legacy l;
	struct bpf_object *obj;
	const struct bpf_map *m;

	sp.btf = legacy_btf(false);
	build(&im, &sp);
	obj = converted(&im, &l, "with BTF");
	is_map(obj, "first", (uint32_t[]){ BPF_MAP_TYPE_HASH, 4, 8, 100, 1 });
	is_map(obj, "second", (uint32_t[]){ BPF_MAP_TYPE_ARRAY, 4, 16, 3000000000, 0 });
	m = bpf_object__find_map_by_name(obj, "first");
	ok(m && bpf_map__btf_key_type_id(m) == 1 && bpf_map__btf_value_type_id(m) == 2,
	   "an annotation gives key and value their types");
	is_superset(sp.btf, &l);
	bpf_object__close(obj);
	free(l.elf);
	btf__free(sp.btf);

	sp.btf = legacy_btf(true);
	sp.dotmaps = true;
	build(&im, &sp);
	obj = converted(&im, &l, "with a .maps section beside");
	is_map(obj, "first", (uint32_t[]){ BPF_MAP_TYPE_HASH, 4, 8, 100, 1 });
	is_map(obj, "second", (uint32_t[]){ BPF_MAP_TYPE_ARRAY, 4, 16, 3000000000, 0 });
	is_map(obj, "modern", (uint32_t[]){ BPF_MAP_TYPE_ARRAY, 2, 2, 2, 0 });
	is_superset(sp.btf, &l);
	bpf_object__close(obj);
	free(l.elf);
	btf__free(sp.btf);

	sp.btf = NULL;
	build(&im, &sp);
	is_refused(&im, "'.maps' but no BTF", ".maps without BTF");
}

/* One word of the definitions, or one field of a symbol, is wrong. */
static void test_bad_definitions(void)
{
	struct spec sp = two_maps;
	struct image im;

	sp.words[5] = 0;
	build(&im, &sp);
	is_refused(&im, "map 'second' has type 0", "type 0");

	sp = two_maps;
	sp.maps[1].off = 16;
	build(&im, &sp);
	is_refused(&im, "maps 'first' and 'second' overlap", "overlapping maps");

	sp = two_maps;
	sp.maps[1].size = 24;
	build(&im, &sp);
	is_refused(&im, "map 'second' lies beyond the end", "a map that is too long");

	sp = two_maps;
	sp.maps[0].size = 12;
	build(&im, &sp);
	is_refused(&im, "'first' has 12 bytes", "a definition that is too short");

	sp = two_maps;
	sp.maps[0].name = "";
	build(&im, &sp);
	is_refused(&im, "has no name", "a map without a name");

	sp = two_maps;
	sp.maps[0].name = NULL;
	sp.n_refs = 0;
	build(&im, &sp);
	is_refused(&im, "no symbol that names a map", "no map symbols");

	sp = (struct spec){ .maps = { { "odd", 0, 32, STB_GLOBAL } },
			    .words = { 1, 4, 4, 1, 0, 0, 0, 9 }, .words_len = 32 };
	build(&im, &sp);
	is_refused(&im, "offset 28 (0x09)", "a layout that nobody knows");

	sp = (struct spec){ .maps = { { "outer", 0, 20, STB_GLOBAL } },
			    .words = { 12, 4, 4, 1, 0 }, .words_len = 20 };
	build(&im, &sp);
	is_refused(&im, "has no inner map", "a map of maps without an inner one");

	sp = two_maps;
	sp.refs[1].addend = 4;
	build(&im, &sp);
	is_refused(&im, "where no map begins", "a reference into the middle of a map");

	sp = two_maps;
	sp.refs[0].symbol = 1000;
	build(&im, &sp);
	is_refused(&im, "refers to symbol 1000", "a relocation with a wrong symbol");
}

static Elf64_Shdr *header(struct image *im, int section)
{
	Elf64_Ehdr h;

	memcpy(&h, im->bytes, sizeof(h));
	return (Elf64_Shdr *)(void *)(im->bytes + h.e_shoff) + section;
}

static void test_bad_elf(void)
{
	struct image good, im;
	struct err e = { 0 };
	struct legacy l;

	build(&good, &two_maps);
	im = good;
	im.len = 3;
	is_refused(&im, "not an ELF file", "three bytes");
	im = good;
	im.bytes[EI_DATA] ^= 3;
	is_refused(&im, "endian, this machine is", "the other byte order");
	im = good;
	im.bytes[EI_CLASS] = ELFCLASS32;
	is_refused(&im, "64-bit", "32 bits");
	im = good;
	im.bytes[offsetof(Elf64_Ehdr, e_machine)] = 62;
	is_refused(&im, "not a BPF object", "another machine's object");
	im = good;
	im.len -= 1;
	is_refused(&im, "beyond the end of the file", "section headers cut off");
	im = good;
	header(&im, SEC_LICENSE)->sh_offset = header(&im, SEC_MAPS)->sh_offset;
	is_refused(&im, "('maps') and 5 ('license') overlap", "overlapping sections");
	im = good;
	header(&im, SEC_CODE)->sh_offset = 8;
	is_refused(&im, "overlaps the ELF headers", "a section over the header");
	im = good;
	header(&im, SEC_CODE)->sh_size = UINT64_MAX - 8;
	is_refused(&im, "section 2 ('xdp'", "a section of 2^64 bytes");
	im = good;
	header(&im, SEC_STRTAB)->sh_size -= 1;
	is_refused(&im, "is not terminated", "an open string table");
	im = good;
	header(&im, SEC_SYMTAB)->sh_entsize = 0;
	is_refused(&im, "symbol table has", "symbols of 0 bytes");
	im = good;
	header(&im, SEC_SYMTAB)->sh_link = 99;
	is_refused(&im, "string table of symbols is section 99", "symbols without strings");
	im = good;
	header(&im, SEC_REL)->sh_info = 99;
	is_refused(&im, "is for section 99", "relocations for nothing");
	im = good;
	header(&im, SEC_LICENSE)->sh_type = SHT_REL;
	is_int(objfile_check(&e, im.bytes, im.len), -EINVAL, "a section with half a record");
	ok(!!strstr(e.text, "section 5 'license' cannot be read"), "is told: %s", e.text);
	err_clear(&e);
	im = good;
	header(&im, SEC_MAPS)->sh_name = header(&im, SEC_LICENSE)->sh_name;
	is_int(legacy_convert(&e, im.bytes, im.len, &l), 1, "no section 'maps': nothing to do");
	is_str(e.text, "", "and nothing to report");
	err_clear(&e);
}

/* Objects that pass our checks must not crash libbpf, whether it accepts them or not. */
static void open_if_sound(const void *elf, size_t len)
{
	struct err e = { 0 };

	if (!objfile_check(&e, elf, len))
		bpf_object__close(bpf_object__open_mem(elf, len, NULL));
	err_clear(&e);
}

/* For any bytes: an error with a text, or an object that passes our checks. */
static bool survives(const uint8_t *bytes, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);	/* the sanitizer detects reads beyond its end */
	struct err e = { 0 };
	struct legacy l = { 0 };
	struct elf_image after = { 0 };
	bool good;
	int err;

	memcpy(exact, bytes, len);
	err = legacy_convert(&e, exact, len, &l);
	good = err < 0 ? e.text[0] != '\0' : err == 1 || !elf_image_open(&e, &after, l.elf, l.len);
	if (!err)
		good = good && !elf_check_layout(&e, &after);
	elf_image_close(&after);
	if (err >= 0)
		open_if_sound(err ? exact : l.elf, err ? len : l.len);
	free(l.elf);
	free(exact);
	err_clear(&e);
	return good;
}

static void test_cuts(const struct image *im)
{
	size_t len, bad = 0;

	for (len = 0; len < im->len; len++)
		bad += !survives(im->bytes, len);
	is_int(bad, 0, "cut anywhere: an error");
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Changes of 1 to 8 bytes at 1 to 4 places; half of them where the numbers are: in the headers. */
static void test_mutations(const struct image *im, uint32_t seed, const char *what)
{
	static const uint8_t telling[] = { 0, 1, 0x7f, 0x80, 0xff };
	unsigned int round, bad = 0;
	uint32_t r = seed;

	for (round = 0; round < 20000; round++) {
		struct image m = *im;
		unsigned int n = 1 + next_random(&r) % 4;

		while (n--) {
			size_t heads = N_SECS * sizeof(Elf64_Shdr), len = 1 + next_random(&r) % 8;
			size_t at = next_random(&r) % 2 ? m.len - 1 - next_random(&r) % heads :
							  next_random(&r) % m.len;

			while (len-- && at < m.len)
				m.bytes[at++] = next_random(&r) % 2 ? telling[next_random(&r) % 5] :
								      next_random(&r);
		}
		bad += !survives(m.bytes, m.len);
	}
	is_int(bad, 0, what);
}

static void test_hostile(void)
{
	struct spec sp = two_maps;
	struct image im;

	build(&im, &sp);
	test_cuts(&im);
	test_mutations(&im, 1, "20000 mutations without BTF: errors or sound objects");
	sp.btf = legacy_btf(true);
	sp.dotmaps = true;
	build(&im, &sp);
	test_cuts(&im);
	test_mutations(&im, 2, "20000 mutations with BTF and .maps: errors or sound objects");
	btf__free(sp.btf);
}

int main(void)
{
	libbpf_set_print(quiet);
	test_plain();
	test_layouts();
	test_no_size();
	test_btf();
	test_bad_definitions();
	test_bad_elf();
	test_hostile();
	return tap_done();
}
