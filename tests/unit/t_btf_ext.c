// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* .BTF.ext: valid, then with one error at a time, then truncated at every byte. */
#include <errno.h>

#include <linux/bpf.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/ext.h"
#include "decode/btf/raw.h"
#include "tap.h"

enum { INT = 1, STRUCT, PROTO, FUNC };
enum {
	H_HDR_LEN = 1,
	H_FUNC_OFF, H_FUNC_LEN, H_LINE_OFF, H_LINE_LEN, H_RELO_OFF, H_RELO_LEN,
	HEADER = 8
};

static struct btf *types;
static struct btf_image image;
static uint32_t sec_a, sec_b, file, text, access_0, access_01;

static void make_types(void)
{
	struct err e = {};
	const void *raw;
	uint32_t len;

	types = btf__new_empty();
	btf__add_int(types, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(types, "s", 4);
	btf__add_field(types, "a", INT, 0, 0);
	btf__add_func_proto(types, INT);
	btf__add_func(types, "prog", BTF_FUNC_GLOBAL, PROTO);
	sec_a = btf__add_str(types, "socket");
	sec_b = btf__add_str(types, "xdp");
	file = btf__add_str(types, "/src/a.c");
	text = btf__add_str(types, "return 0;");
	access_0 = btf__add_str(types, "0");
	access_01 = btf__add_str(types, "0:1");
	raw = btf__raw_data(types, &len);
	ok(!btf_image_open(&e, raw, len, &image), "BTF to go with it");
}

#define WORDS_MAX 64
#define FUNC_AT HEADER			/* start of the tables, in words */
#define LINE_AT (FUNC_AT + 5)
#define RELO_AT (LINE_AT + 11)
#define N_WORDS (RELO_AT + 14)

/* Two sections with relocations, one with lines and a function. */
static void sound(uint32_t w[static WORDS_MAX])
{
	const uint32_t bytes[] = {
		0x01eb9f, 32, 0, 20, 20, 44, 64, 56,
		8, sec_a, 1, 0, FUNC,
		16, sec_a, 2, 0, file, text, 7 << 10 | 3, 8, file, 0, 8 << 10,
		16, sec_a, 1, 8, STRUCT, access_01, BPF_CORE_FIELD_EXISTS,
		sec_b, 1, 16, STRUCT, access_0, BPF_CORE_TYPE_SIZE, 0,
	};

	memcpy(w, bytes, sizeof(bytes));
	w[0] = 0x0001eb9f;
	w[H_RELO_LEN] = 13 * 4;
}

static void test_records(void)
{
	struct btf_ext_info x = {};
	uint32_t w[WORDS_MAX];
	struct err e = {};
	struct btf_ext_relo r;
	struct btf_ext_line l;

	sound(w);
	ok(!btf_ext_open(&e, w, sizeof(w), &image, &x), "sound data is taken");
	is_int(x.tables[BTF_EXT_FUNCS].n, 1, "one section with functions");
	is_int(btf_ext_func(&x.tables[BTF_EXT_FUNCS].sections[0], 0).type_id, FUNC, "its function");
	is_int(x.tables[BTF_EXT_LINES].sections[0].n, 2, "two lines");
	l = btf_ext_line(&x, &x.tables[BTF_EXT_LINES].sections[0], 0);
	is_str(l.file, "/src/a.c", "file");
	is_str(l.text, "return 0;", "text");
	is_int(l.line, 7, "line");
	is_int(l.column, 3, "column");
	l = btf_ext_line(&x, &x.tables[BTF_EXT_LINES].sections[0], 1);
	is_int(l.insn_off, 8, "the second line's instruction");
	is_str(l.text, "", "it has no text");
	is_int(x.tables[BTF_EXT_RELOS].n, 2, "two sections with relocations");
	is_str(x.tables[BTF_EXT_RELOS].sections[1].name, "xdp", "name of the second");
	r = btf_ext_relo(&x, &x.tables[BTF_EXT_RELOS].sections[0], 0);
	is_str(r.access, "0:1", "access");
	is_int(r.type_id, STRUCT, "type");
	is_str(btf_ext_relo_name(r.kind), "field_exists", "kind");
	r = btf_ext_relo(&x, &x.tables[BTF_EXT_RELOS].sections[1], 0);
	is_int(r.insn_off, 16, "instruction");
	is_str(btf_ext_relo_name(r.kind), "type_size", "kind of the second");
	is_str(btf_ext_relo_name(BPF_CORE_TYPE_MATCHES), "type_matches", "the last kind");
	is_str(btf_ext_relo_name(BPF_CORE_TYPE_MATCHES + 1), NULL, "no kind");
	btf_ext_close(&x);
	btf_ext_close(&x);
}

/* The same at an odd address, and with longer records, which newer compilers may write. */
static void test_shapes(void)
{
	struct btf_ext_info x = {};
	uint32_t w[WORDS_MAX] = {}, *relo = &w[RELO_AT];
	char odd[sizeof(w) + 1];
	struct err e = {};

	sound(w);
	memcpy(odd + 1, w, sizeof(w));
	ok(!btf_ext_open(&e, odd + 1, sizeof(w), &image, &x), "data at an odd address");
	btf_ext_close(&x);
	memcpy(relo, (uint32_t[]){ 20, sec_a, 1, 8, STRUCT, access_01, 99, 1234 }, 32);
	w[H_RELO_LEN] = 32;
	ok(!btf_ext_open(&e, w, sizeof(w), &image, &x), "longer records, a kind of the future");
	is_int(btf_ext_relo(&x, &x.tables[BTF_EXT_RELOS].sections[0], 0).kind, 99,
	       "it can be read");
	btf_ext_close(&x);
	w[H_HDR_LEN] = 24;
	w[H_FUNC_OFF] += 8;
	w[H_LINE_OFF] += 8;
	ok(!btf_ext_open(&e, w, sizeof(w), &image, &x), "a header of before CO-RE");
	is_int(x.tables[BTF_EXT_RELOS].n, 0, "has no relocations");
	is_int(x.tables[BTF_EXT_LINES].n, 1, "but lines");
	btf_ext_close(&x);
	memset(&w[H_FUNC_OFF], 0, 24);
	ok(!btf_ext_open(&e, w, 32, &image, &x), "nothing but a header");
	btf_ext_close(&x);
}

static const struct {
	unsigned int at;
	uint32_t value;
	const char *want, *what;
} faults[] = {
	{ 0, 0x00011234, ".BTF.ext is shorter than its header", "another magic number" },
	{ 0, 0x0002eb9f, "unknown version 2", "a version" },
	{ H_HDR_LEN, 23, "header length 23 is wrong", "a short header" },
	{ H_HDR_LEN, 4096, "header length 4096 is wrong", "a long header" },
	{ H_FUNC_OFF, 0xfffffff0, "func_info lies beyond the end", "a far table" },
	{ H_LINE_LEN, 0xffffffff, "line_info lies beyond the end", "a long table" },
	{ H_RELO_LEN, 3, "core_relo has only 3 bytes", "a tiny table" },
	{ H_RELO_LEN, 8, "core_relo ends within a section header", "a torn section" },
	{ FUNC_AT, 4, "func_info has records of 4 bytes instead of 8", "short functions" },
	{ LINE_AT, 0, "line_info has records of 0 bytes", "empty lines" },
	{ RELO_AT, 17, "core_relo has records of 17 bytes", "odd relocations" },
	{ RELO_AT + 1, 1 << 20, "core_relo has a section name beyond", "a section's name" },
	{ RELO_AT + 2, 0xffffffff, "core_relo ends within section 'socket' (4294967295 records",
	  "a count" },
	{ FUNC_AT + 3, 4,
	  "func_info record 0 of section 'socket' has an offset that is not a multiple of 8",
	  "half an insn" },
	{ FUNC_AT + 4, INT, "has a type that is not a function", "a function that is a number" },
	{ FUNC_AT + 4, 99, "has a type that is not a function", "a function of no type" },
	{ LINE_AT + 4, 1 << 20, "line_info record 0 of section 'socket' refers to a string beyond",
	  "a file's name" },
	{ LINE_AT + 9, 1 << 20, "line_info record 1 of section 'socket' refers to a string beyond",
	  "a line's text" },
	{ RELO_AT + 4, 99, "core_relo record 0 of section 'socket' refers to a missing type",
	  "a type" },
	{ RELO_AT + 11, 1 << 20, "core_relo record 0 of section 'xdp' has an access string",
	  "an access" },
};

static void test_faults(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		struct btf_ext_info x = {};
		uint32_t w[WORDS_MAX] = {};
		struct err e = {};
		int err;

		sound(w);
		w[faults[i].at] = faults[i].value;
		err = btf_ext_open(&e, w, N_WORDS * 4, &image, &x);
		ok(err == -EINVAL && strstr(e.text, faults[i].want), "%s is named", faults[i].what);
		if (!strstr(e.text, faults[i].want))
			printf("# %d '%s', want '%s'\n", err, e.text, faults[i].want);
		ok(!x.btf, "and nothing is returned");
		err_clear(&e);
	}
}

static void test_foreign(void)
{
	uint32_t w[WORDS_MAX];
	struct btf_ext_info x = {};
	struct err e = {};

	sound(w);
	for (size_t i = 0; i < ARRAY_SIZE(w); i++)
		w[i] = __builtin_bswap32(w[i]);
	((uint8_t *)w)[0] = 0xeb;
	((uint8_t *)w)[1] = 0x9f;
	ok(btf_ext_open(&e, w, sizeof(w), &image, &x) == -EINVAL &&
		   strstr(e.text, "other byte order"),
	   "the other byte order is refused");
	err_clear(&e);
}

/* Copies, so that a sanitizer detects reads beyond the end. */
static void test_cut(void)
{
	uint32_t w[WORDS_MAX] = {};
	size_t wrong = 0;

	sound(w);
	for (size_t len = 0; len < RELO_AT * 4 + w[H_RELO_LEN]; len++) {
		struct btf_ext_info x = {};
		struct err e = {};
		char *copy = malloc(len + 1);

		memcpy(copy, w, len);
		wrong += btf_ext_open(&e, copy, len, &image, &x) != -EINVAL ||
			 !strstr(e.text, ".BTF.ext");
		err_clear(&e);
		free(copy);
	}
	is_int(wrong, 0, "cut off anywhere it is refused");
}

int main(void)
{
	make_types();
	test_records();
	test_shapes();
	test_faults();
	test_foreign();
	test_cut();
	btf_image_close(&image);
	btf__free(types);
	return tap_done();
}
