// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * An object in memory: functions, symbols, relocations, variables, what programs use; converted to
 * the other byte order and back; with one error at a time; and truncated or changed everywhere. The
 * object is the one in the golden tests.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "cli/file.h"
#include "decode/btf/abi.h"
#include "decode/core/text.h"
#include "decode/elf/swap.h"
#include "decode/elf/map_def.h"
#include "decode/elf/objfile_ext.h"
#include "decode/elf/objfile_refs.h"
#include "decode/elf/objfile_vars.h"
#include "tap.h"

#define OBJECT "tests/cli/fixtures/obj.elf"
#define OTHER_ORDER "tests/cli/fixtures/obj_big.elf"

static struct buf file, other;

static const struct objfile_func *func(const struct objfile *v, const char *name)
{
	for (size_t i = 0; i < v->n_funcs; i++)
		if (streq(v->funcs[i].name, name))
			return &v->funcs[i];
	return NULL;
}

static void test_tables(const struct objfile *v)
{
	const struct objfile_func *f = func(v, "count_in"), *bump = func(v, "bump");
	size_t n;

	is_int(v->n_funcs, 4, "functions");
	ok(f && f->is_prog && bump && !bump->is_prog, "which of them are programs");
	is_str(elf_section_name(&v->img, f->section), "tcx/ingress", "its section");
	ok(objfile_func_at(v, f->section, f->off + f->len - 8) == f,
	   "its last instruction is its own");
	ok(!objfile_func_at(v, f->section, f->off + f->len), "the byte behind is not");
	ok(objfile_symbol(v, SHN_UNDEF, "CONFIG_HZ") && !objfile_symbol(v, SHN_UNDEF, "bump"),
	   "what is not defined here");
	ok(!objfile_section(v, ".nosuch") && objfile_section(v, ".maps"), "sections by name");
	objfile_relocs(v, f->section, f->off, f->len, &n);
	is_int(n, 3, "relocations of a program");
	objfile_relocs(v, f->section, f->off + f->len, 8, &n);
	is_int(n, 0, "none behind it");
	is_int(v->btf_len, 2458, "bytes of BTF");
	ok(!v->foreign && !v->n_legacy, "neither foreign nor old");
}

static void test_uses(const struct objfile *v)
{
	auto_objfile_refs struct objfile_refs refs = {};
	struct err e = {};
	auto_objfile_uses struct objfile_uses *u = objfile_uses_new(&e, v);
	unsigned int kinds[OBJFILE_REF_HELPER + 1] = {};

	is_int(objfile_uses_of(&e, u, func(v, "count_in"), &refs), 0, "what a program uses");
	for (size_t i = 0; i < refs.n; i++)
		kinds[refs.all[i].kind]++;
	is_int(kinds[OBJFILE_REF_MAP], 1, "a map, through the function it calls");
	is_int(kinds[OBJFILE_REF_DATA], 3, "variables of three sections");
	is_int(kinds[OBJFILE_REF_FUNC], 1, "a function");
	is_int(kinds[OBJFILE_REF_HELPER], 1, "a helper");
	is_int(kinds[OBJFILE_REF_EXTERN], 0, "nothing of the kernel's");
	err_clear(&e);
}

static void test_vars(const struct objfile *v)
{
	auto_objfile_vars struct objfile_vars vars = {}, maps = {};
	auto_objfile_externs struct objfile_externs x = {};
	struct map_def d;
	struct err e = {};

	is_int(objfile_vars_read(&e, v, objfile_section(v, ".data"), &vars), 0, ".data");
	ok(vars.n == 1 && streq(vars.all[0].name, "banner") && vars.all[0].is_static,
	   "a static variable");
	is_int(objfile_vars_read(&e, v, objfile_section(v, ".maps"), &maps), 0, ".maps");
	is_int(maps.n, 3, "three maps");
	ok(objfile_vars_at(&maps, maps.all[1].off) == &maps.all[1], "found by their place");
	ok(!objfile_vars_at(&maps, maps.all[1].off + 1), "but not from within");
	is_int(map_def_read(&e, v->btf, "outer", maps.all[1].type, &d), 0, "a definition");
	ok(d.type == 12 && d.max_entries == 4 && d.inner && d.value_size == 4, "of a map of maps");
	is_int(map_def_read(&e, v->btf, "x", vars.all[0].type, &d), -EINVAL, "an array is none");
	ok(strstr(e.text, "map 'x' is not a struct") != NULL, "and the error says so");
	err_clear(&e);
	is_int(objfile_externs_read(&e, v, &x), 0, "externs");
	ok(x.n == 2 && x.all[0].kind == OBJFILE_EXTERN_KCONFIG &&
		   x.all[1].kind == OBJFILE_EXTERN_KFUNC && x.all[1].is_weak,
	   "a kconfig value, a weak kfunc");
	err_clear(&e);
}

static void test_ext(const struct objfile *v)
{
	struct objfile_ext x = {};
	struct err e = {};
	char text[CORE_TEXT_MAX];
	const struct objfile_relo *r;
	struct btf_ext_relo bad;
	size_t n;

	is_int(objfile_ext_read(&e, v, &x), 0, ".BTF.ext");
	is_int(objfile_ext_line(&x, func(v, "bump"))->at.line, 69, "where a function begins");
	r = objfile_ext_relos(&x, func(v, "unlink_in"), &n);
	is_int(n, 2, "relocations");
	is_int(core_relo_text(&e, &v->btf_image, &r[0].relo, text), 0, "one in words");
	is_str(text, ".se.load[2]", "a member");
	bad = r[0].relo;
	bad.access = "0:77";
	ok(core_relo_text(&e, &v->btf_image, &bad, text) < 0 && !text[0],
	   "a member that is not there");
	err_clear(&e);
	objfile_ext_relos(&x, func(v, "start"), &n);
	is_int(n, 0, "none elsewhere");
	objfile_ext_free(&x);
}

static bool same_relos(const struct objfile *v, const struct objfile *w)
{
	struct objfile_ext x = {}, y = {};
	struct err e = {};
	bool same = !objfile_ext_read(&e, v, &x) && !objfile_ext_read(&e, w, &y) &&
		    x.n_relos == y.n_relos;

	for (size_t i = 0; same && i < x.n_relos; i++)
		same = x.relos[i].off == y.relos[i].off &&
		       x.relos[i].relo.kind == y.relos[i].relo.kind &&
		       streq(x.relos[i].relo.access, y.relos[i].relo.access);
	objfile_ext_free(&x);
	objfile_ext_free(&y);
	err_clear(&e);
	return same;
}

/*
 * The same source compiled for the other byte order: everything that is converted reads the same.
 */
static void test_swap(const struct objfile *v)
{
	auto_objfile struct objfile w = {};
	size_t len = 0, other_len = 0;
	const uint8_t *code, *turned;
	struct err e = {};
	void *none = NULL;
	bool same;

	is_int(elf_swap(&e, file.data, file.len, &none), 1, "ours needs no turning");
	is_int(elf_swap(&e, "text", 4, &none), 1, "what is no ELF file neither");
	is_int(objfile_open(&e, other.data, other.len, &w), 0, "an object of the other byte order");
	ok(w.foreign, "is known to be one");
	same = w.n_funcs == v->n_funcs && w.n_relocs == v->n_relocs && w.n_types == v->n_types;
	for (size_t i = 0; same && i < w.n_funcs; i++)
		same = streq(w.funcs[i].name, v->funcs[i].name) &&
		       w.funcs[i].off == v->funcs[i].off && w.funcs[i].len == v->funcs[i].len;
	ok(same, "the same functions in the same places");
	code = objfile_bytes(v, objfile_section(v, ".text"), &len);
	turned = objfile_bytes(&w, objfile_section(&w, ".text"), &other_len);
	ok(code && turned && len == other_len && !memcmp(code, turned, len),
	   "the same instructions");
	ok(same_relos(v, &w), "the same relocations");
	err_clear(&e);
}

static int try_open(const void *data, size_t len, char *text)
{
	struct objfile v = {};
	struct objfile_vars vars = {};
	struct objfile_externs x = {};
	struct objfile_ext ext = {};
	struct err e = {};
	int err = objfile_open(&e, data, len, &v);

	if (!err && objfile_section(&v, ".maps"))
		err = objfile_vars_read(&e, &v, objfile_section(&v, ".maps"), &vars);
	err = err ? err : objfile_externs_read(&e, &v, &x);
	err = err ? err : objfile_ext_read(&e, &v, &ext);
	if (!err) {
		auto_objfile_uses struct objfile_uses *u = objfile_uses_new(&e, &v);

		for (size_t i = 0; u && !err && i < v.n_funcs; i++) {
			auto_objfile_refs struct objfile_refs refs = {};

			err = objfile_uses_of(&e, u, &v.funcs[i], &refs);
		}
	}
	snprintf(text, ERR_TEXT_MAX, "%s", e.text);
	objfile_ext_free(&ext);
	objfile_externs_free(&x);
	objfile_vars_free(&vars);
	objfile_close(&v);
	err_clear(&e);
	return err;
}

/* No error without a text, no text without an error. */
static void test_broken(const struct buf *f, int n_changes)
{
	uint8_t *copy = malloc(f->len);
	char text[ERR_TEXT_MAX];
	unsigned int n_bad = 0, n_mute = 0;
	uint32_t seed = 1;

	for (size_t len = 0; len < f->len; len += 7) {
		memcpy(copy, f->data, len);
		n_mute += try_open(copy, len, text) ? !text[0] : 1;
	}
	is_int(n_mute, 0, "every cut is refused, and says why");
	for (int i = 0; i < n_changes; i++) {
		memcpy(copy, f->data, f->len);
		for (int k = 0; k <= i % 3; k++) {
			seed = seed * 1103515245 + 12345;
			copy[(seed >> 8) % f->len] = (uint8_t)(seed >> 3);
		}
		if (try_open(copy, f->len, text)) {
			n_bad++;
			n_mute += !text[0];
		}
	}
	is_int(n_mute, 0, "every refusal of a changed file says why");
	ok(n_bad > (unsigned int)n_changes / 10, "many changes are seen (%u of %d)", n_bad,
	   n_changes);
	free(copy);
}

/* One error at a time, in the section headers or the section's content. */
static void patched(const char *section, size_t field, uint64_t v, size_t v_len, const char *want)
{
	struct elf_image img = {};
	uint8_t *copy = malloc(file.len);
	char text[ERR_TEXT_MAX] = "";
	struct err e = {};
	uint32_t i = 0;
	uint64_t shoff;

	memcpy(copy, file.data, file.len);
	elf_image_open(&e, &img, copy, file.len);
	elf_find_section(&e, &img, section, &i);
	memcpy(&shoff, copy + offsetof(Elf64_Ehdr, e_shoff), sizeof(shoff));
	memcpy(copy + shoff + i * sizeof(Elf64_Shdr) + field, &v, v_len);
	ok(try_open(copy, file.len, text) && strstr(text, want), "%s", want);
	if (!strstr(text, want))
		printf("# got: %s\n", text);
	elf_image_close(&img);
	err_clear(&e);
	free(copy);
}

static void test_named_faults(void)
{
	patched(".maps", offsetof(Elf64_Shdr, sh_size), 1 << 20, 8,
		"'.maps', 1048576 bytes at byte");
	patched(".BTF", offsetof(Elf64_Shdr, sh_offset), 64, 8, "overlap");
	patched("tcx/ingress", offsetof(Elf64_Shdr, sh_size), 8, 8,
		"function 'count_in' lies beyond");
	patched(".maps", offsetof(Elf64_Shdr, sh_size), 8, 8,
		"lies beyond the end of section '.maps'");
	patched(".symtab", offsetof(Elf64_Shdr, sh_entsize), 5, 8, "symbol table has");
	patched(".reltcx/ingress", offsetof(Elf64_Shdr, sh_entsize), 5, 8,
		"relocations of section 'tcx/ingress'");
	patched(".BTF", offsetof(Elf64_Shdr, sh_size), 100, 8, "BTF");
	patched(".BTF.ext", offsetof(Elf64_Shdr, sh_size), 40, 8, "BTF.ext");
}

int main(void)
{
	struct objfile v = {};
	struct err e = {};

	libbpf_set_print(NULL);
	is_int(file_read(&e, OBJECT, 1 << 20, &file), 0, OBJECT);
	is_int(file_read(&e, OTHER_ORDER, 1 << 20, &other), 0, OTHER_ORDER);
	if (!file.len || !other.len)
		return tap_done();
	is_int(objfile_open(&e, file.data, file.len, &v), 0, "an object");
	test_tables(&v);
	test_uses(&v);
	test_vars(&v);
	test_ext(&v);
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		test_swap(&v);
	objfile_close(&v);
	test_named_faults();
	test_broken(&file, 20000);
	test_broken(&other, 5000);
	buf_free(&file);
	buf_free(&other);
	err_clear(&e);
	return tap_done();
}
