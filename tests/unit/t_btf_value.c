// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Typed data: every kind of BTF, as JSON (through the writer and composed) and as text; and
 * malicious BTF: cycles, members out of bounds, arrays of billions, unions that multiply.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <jansson.h>
#include <sys/mman.h>

#include "cli/buf.h"
#include "decode/btf/abi.h"
#include "decode/btf/value.h"
#include "json_writer.h"
#include "image_of.h"
#include "tap.h"

static char *through_writer(enum out_mode mode, const struct btf_plan *p, const void *data)
{
	int fd = memfd_create("out", 0);
	struct out *o = out_open(fd, mode);
	char *text, *end;
	off_t len;

	out_begin(o);
	out_tree(o);
	btf_plan_print(o, NULL, p, data);
	out_tree_end(o);
	out_end(o, NULL);
	out_close(o);
	len = lseek(fd, 0, SEEK_END);
	text = calloc(1, (size_t)len + 1);
	if (pread(fd, text, (size_t)len, 0) != len)
		text[0] = '\0';
	close(fd);
	end = strchr(text, '\0');
	if (end > text && end[-1] == '\n')
		end[-1] = '\0';
	return text;
}

/* One blank for any run of blanks: the layout is tested with the writer. */
static void squeeze(char *text)
{
	char *to = text, *from = text;

	for (; *from; from++) {
		bool blank = *from == ' ' || *from == '\n';

		if (blank && to > text && to[-1] == ' ')
			continue;
		*to++ = blank ? ' ' : *from;
	}
	*to = '\0';
}

static void is_json(const char *text, const char *what)
{
	json_t *j =
		json_loads(text, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);

	ok(j != NULL, "%s: is JSON", what);
	json_decref(j);
}

/* want_text NULL: the same as in JSON except for blanks, which the caller's type does not have. */
static void check(const struct btf *btf, int id, const void *data, size_t len,
		  const char *want_json, const char *want_text, const char *what)
{
	struct btf_plan *p = NULL;
	struct buf b = {};
	char *json, *text;

	if (!is_int(btf_plan_new(image_of(btf), (uint32_t)id, len, &p), 0, what))
		return;
	btf_plan_compose(&b, p, data);
	buf_putc(&b, '\0');
	is_str(b.data, want_json, what);
	is_json(b.data, what);
	json = through_writer(OUT_JSON, p, data);
	is_str(json, want_json, "the writer gives the same");
	text = through_writer(OUT_TEXT, p, data);
	squeeze(text);
	is_str(text, want_text ? want_text : want_json, "as text");
	free(json);
	free(text);
	buf_free(&b);
	btf_plan_free(p);
}

#define CHECK(btf, id, type, v, json, text, what)                                                  \
	do {                                                                                       \
		type v_ = v;                                                                       \
		check(btf, id, &v_, sizeof(v_), json, text, what);                                 \
	} while (0)

static void refuse(const struct btf *btf, int id, size_t len, const char *what)
{
	struct btf_plan *p = NULL;
	int err = btf_plan_new(image_of(btf), (uint32_t)id, len, &p);

	is_int(err, -EINVAL, what);
	if (!err)
		btf_plan_free(p);
}

static void test_ints(struct btf *btf)
{
	int u8 = btf__add_int(btf, "unsigned char", 1, 0),
	    s8 = btf__add_int(btf, "signed char", 1, BTF_INT_SIGNED);
	int u16 = btf__add_int(btf, "u16", 2, 0),
	    s16 = btf__add_int(btf, "short", 2, BTF_INT_SIGNED);
	int u32 = btf__add_int(btf, "u32", 4, 0), s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int u64 = btf__add_int(btf, "u64", 8, 0),
	    s64 = btf__add_int(btf, "long", 8, BTF_INT_SIGNED);
	int boolean = btf__add_int(btf, "_Bool", 1, BTF_INT_BOOL);
	int chr = btf__add_int(btf, "chr", 1, BTF_INT_CHAR);
	int wide = btf__add_int(btf, "__int128", 16, BTF_INT_SIGNED);

	CHECK(btf, u8, uint8_t, 255, "255", NULL, "u8");
	CHECK(btf, s8, int8_t, -128, "-128", NULL, "s8");
	CHECK(btf, u16, uint16_t, 65535, "65535", NULL, "u16");
	CHECK(btf, s16, int16_t, -2, "-2", NULL, "s16");
	CHECK(btf, u32, uint32_t, UINT32_MAX, "4294967295", NULL, "u32");
	CHECK(btf, s32, int32_t, INT32_MIN, "-2147483648", NULL, "s32");
	CHECK(btf, u64, uint64_t, UINT64_MAX, "18446744073709551615", NULL, "u64");
	CHECK(btf, s64, int64_t, INT64_MIN, "-9223372036854775808", NULL, "s64");
	CHECK(btf, boolean, uint8_t, 0, "false", NULL, "false");
	CHECK(btf, boolean, uint8_t, 7, "true", NULL, "true, if not quite");
	CHECK(btf, chr, char, 'x', "\"x\"", NULL, "CHAR");
	CHECK(btf, chr, char, '"', "\"\\\"\"", NULL, "CHAR: a quote");
	CHECK(btf, chr, char, 7, "\"\\u0007\"", "0x07", "CHAR: a control byte");
	CHECK(btf, chr, char, (char)0xe9, "\"\\u00e9\"", "0xe9", "CHAR: beyond ASCII");
	CHECK(btf, wide, __int128, -1, "\"0xffffffffffffffffffffffffffffffff\"",
	      "0xffffffffffffffffffffffffffffffff", "128 bits");
	CHECK(btf, wide, __int128, 0x1f, "\"0x1f\"", "0x1f", "128 bits, few used");
	check(btf, s32, "\1\0\0\0rest", 8, "1", NULL, "more data than type");
	refuse(btf, s32, 3, "less data than type");
}

static void test_names(struct btf *btf)
{
	int i32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int td = btf__add_typedef(btf, "my_t", i32);
	int cnst = btf__add_const(btf, td), vol = btf__add_volatile(btf, cnst);
	int ptr = btf__add_ptr(btf, vol), restr = btf__add_restrict(btf, ptr);
	int tag = btf__add_type_tag(btf, "user", vol);
	int e32 = btf__add_enum(btf, "color", 4), e8, e64, fwd, proto, func;

	btf__add_enum_value(btf, "RED", 1);
	btf__add_enum_value(btf, "NEG", -3);
	btf__add_enum_value(btf, "ALSO_RED", 1);
	e8 = btf__add_enum(btf, "packed", 1);
	btf__add_enum_value(btf, "BIG", 200);
	e64 = btf__add_enum64(btf, "huge", 8, false);
	btf__add_enum64_value(btf, "TOP", 0x8000000000000000ULL);
	fwd = btf__add_fwd(btf, "nowhere", BTF_FWD_STRUCT);
	proto = btf__add_func_proto(btf, i32);
	func = btf__add_func(btf, "f", BTF_FUNC_STATIC, proto);

	CHECK(btf, tag, int, -5, "-5", NULL, "through typedef, const, volatile, tag");
	CHECK(btf, restr, uint64_t, 0xbeef, "48879", "\"0xbeef\"", "pointer");
	CHECK(btf, ptr, uint64_t, 0, "0", "\"(nil)\"", "null");
	CHECK(btf, e32, int, 1, "\"RED\"", NULL, "enum: the first of two names");
	CHECK(btf, e32, int, -3, "\"NEG\"", NULL, "enum: negative");
	CHECK(btf, e32, int, -4, "-4", NULL, "enum: no name");
	CHECK(btf, e8, uint8_t, 200, "\"BIG\"", NULL, "enum of one byte");
	CHECK(btf, e64, uint64_t, 0x8000000000000000ULL, "\"TOP\"", NULL, "enum64");
	CHECK(btf, e64, uint64_t, 0x8000000000000001ULL, "9223372036854775809", NULL,
	      "enum64: no name, unsigned");
	CHECK(btf, 0, char, 0, "\"(unknown)\"", "(unknown)", "void");
	CHECK(btf, fwd, char, 0, "\"(fwd-kind-invalid)\"", "(fwd-kind-invalid)", "forward");
	CHECK(btf, func, char, 0, "\"(unsupported-kind)\"", "(unsupported-kind)", "function");
}

/* Bit-fields of enums with values of 64 bits, unsigned and signed. */
static void test_wide_enum_bits(struct btf *btf)
{
	struct {
		uint64_t wide : 34, rest : 30;
		int64_t less : 40, first : 3, none : 21;
	} v = { .wide = 0x200000000, .less = -0x8000000000, .first = -1 };
	int wide = btf__add_enum64(btf, "wide", 8, false), less, all;

	btf__add_enum64_value(btf, "ONE", 1);
	btf__add_enum64_value(btf, "WIDE", 0x200000000ULL);
	btf__add_enum64_value(btf, "LAST", 0x8000000000000000ULL);
	less = btf__add_enum64(btf, "less", 8, true);
	btf__add_enum64_value(btf, "LESS", (uint64_t)-0x8000000000LL);
	btf__add_enum64_value(btf, "MINUS", (uint64_t)-1LL);
	all = btf__add_struct(btf, "all", 16);
	btf__add_field(btf, "wide", wide, 0, 34);
	btf__add_field(btf, "less", less, 64, 40);
	btf__add_field(btf, "first", less, 104, 3);
	btf__add_field(btf, "last", wide, 0, 64);
	check(btf, all, &v, sizeof(v),
	      "{\"wide\":\"WIDE\",\"less\":\"LESS\",\"first\":\"MINUS\",\"last\":\"WIDE\"}",
	      "{ \"wide\": \"WIDE\", \"less\": \"LESS\", \"first\": \"MINUS\", \"last\": \"WIDE\" }",
	      "bit-fields of enum64");
	v.rest = 0x20000000;
	v.wide = 0;
	v.less = 7;
	v.first = 2;
	check(btf, all, &v, sizeof(v),
	      "{\"wide\":\"0x0\",\"less\":\"0x7\",\"first\":\"0x2\",\"last\":\"LAST\"}",
	      "{ \"wide\": 0x0, \"less\": 0x7, \"first\": 0x2, \"last\": \"LAST\" }",
	      "bit-fields of enum64: values without a name");
}

static void test_floats(struct btf *btf)
{
	int f = btf__add_float(btf, "float", 4), d = btf__add_float(btf, "double", 8);
	int l = btf__add_float(btf, "long double", 16);

	CHECK(btf, f, float, 0.1f, "0.1", NULL, "float");
	CHECK(btf, f, float, 16777217.0f, "16777216", NULL, "float: whole");
	CHECK(btf, f, float, 3.4028235e38f, "3.4028235e+38", NULL, "float: largest");
	CHECK(btf, d, double, 0.1, "0.1", NULL, "double");
	CHECK(btf, d, double, 1.0 / 3, "0.3333333333333333", NULL,
	      "double: as many digits as needed");
	CHECK(btf, d, double, -1e300, "-1e+300", NULL, "double: negative, large");
	CHECK(btf, d, double, __builtin_inf(), "\"inf\"", "inf", "double: infinite");
	CHECK(btf, d, double, __builtin_nan(""), "\"nan\"", "nan", "double: no number");
	if (sizeof(long double) == 16)
		CHECK(btf, l, long double, 0.5L, "0.5", NULL, "long double");
}

static void test_arrays(struct btf *btf)
{
	int u16 = btf__add_int(btf, "u16", 2, 0),
	    chr = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	int uchr = btf__add_int(btf, "unsigned char", 1, 0), cchr = btf__add_const(btf, chr);
	int row = btf__add_array(btf, u16, u16, 2), table = btf__add_array(btf, u16, row, 3);
	int str = btf__add_array(btf, u16, cchr, 6), bytes = btf__add_array(btf, u16, uchr, 3);
	int none = btf__add_array(btf, u16, u16, 0), void_arr = btf__add_array(btf, u16, 0, 2);
	static const uint16_t six[] = { 1, 2, 3, 4, 5, 6 };

	check(btf, table, six, sizeof(six), "[[1,2],[3,4],[5,6]]", "[[1,2 ],[3,4 ],[5,6 ] ]",
	      "two dimensions");
	check(btf, str, "hi\0\1\2\3", 6, "\"hi\"", NULL, "char array");
	check(btf, str, "a\"\\\0..", 6, "\"a\\\"\\\\\"", NULL, "char array: escapes");
	check(btf, str, "\0zzzz", 6, "\"\"", NULL, "char array: empty");
	check(btf, str, "sixchr", 6, "[115,105,120,99,104,114]", "[115,105,120,99,104,114 ]",
	      "char array without NUL");
	check(btf, str, "a\nb\0\0", 6, "[97,10,98,0,0,0]", "[97,10,98,0,0,0 ]",
	      "char array with a control byte");
	check(btf, bytes, "hi\0", 3, "[104,105,0]", "[104,105,0 ]", "unsigned char array");
	check(btf, none, "", 0, "[]", NULL, "no elements");
	check(btf, void_arr, "", 0, "[\"(unknown)\",\"(unknown)\"]", "[(unknown),(unknown) ]",
	      "array of void");
}

static int add_bits(struct btf *btf)
{
	int s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED), u32 = btf__add_int(btf, "u32", 4, 0);
	int u64 = btf__add_int(btf, "u64", 8, 0);
	int id = btf__add_struct(btf, "bits", 16);

	btf__add_field(btf, "s5", s32, 0, 5);
	btf__add_field(btf, "u3", u32, 5, 3);
	btf__add_field(btf, "u12", u32, 8, 12);
	btf__add_field(btf, "s1", s32, 20, 1);
	btf__add_field(btf, "u60", u64, 67, 60);
	btf__add_field(btf, "plain", u32, 32, 0);
	return id;
}

static void test_structs(struct btf *btf)
{
	int u32 = btf__add_int(btf, "u32", 4, 0), flt = btf__add_float(btf, "float", 4);
	int fwd = btf__add_fwd(btf, "nowhere", BTF_FWD_UNION);
	int inner = btf__add_union(btf, NULL, 4), outer, odd, self, bits, var, sec, empty;
	uint32_t data[3] = { 7, 0, 9 };
	float one = 1.5;
	/* s5 -1, u3 5, u12 0xabc, s1 -1, plain 3, u60 all ones */
	uint64_t bit_data[2] = { 0x3001abcbfULL, UINT64_MAX & ~7ULL };

	btf__add_field(btf, "a", u32, 0, 0);
	btf__add_field(btf, "f", flt, 0, 0);
	outer = btf__add_struct(btf, "outer", 12);
	btf__add_field(btf, "x", u32, 0, 0);
	btf__add_field(btf, NULL, inner, 32, 0);
	btf__add_field(btf, "z\"", u32, 64, 0);
	odd = btf__add_struct(btf, "odd", 8);
	btf__add_field(btf, "before", u32, 0, 0);
	btf__add_field(btf, "what", fwd, 32, 0);
	btf__add_field(btf, "after", u32, 32, 0);
	empty = btf__add_struct(btf, "empty", 0);
	memcpy(&data[1], &one, 4);
	check(btf, outer, data, 12, "{\"x\":7,\"\":{\"a\":1069547520,\"f\":1.5},\"z\\\"\":9}",
	      "{ \"x\": 7, \"\": { \"a\": 1069547520, \"f\": 1.5 }, \"z\\\"\": 9 }",
	      "nested and anonymous");
	check(btf, odd, data, 8,
	      "{\"before\":7,\"what\":\"(fwd-kind-invalid)\",\"after\":1069547520}",
	      "{ \"before\": 7, \"what\": (fwd-kind-invalid), \"after\": 1069547520 }",
	      "an odd member does not end the struct");
	check(btf, empty, "", 0, "{}", NULL, "empty struct");
	bits = add_bits(btf);
	check(btf, bits, bit_data, 16,
	      "{\"s5\":-1,\"u3\":\"0x5\",\"u12\":\"0xabc\",\"s1\":-1,\"u60\":\"0xfffffffffffffff\","
	      "\"plain\":3}",
	      "{ \"s5\": -1, \"u3\": 0x5, \"u12\": 0xabc, \"s1\": -1, \"u60\": 0xfffffffffffffff, "
	      "\"plain\": 3 }",
	      "bit-fields");
	self = btf__type_cnt(btf) + 1;
	ok(btf__add_ptr(btf, self) > 0 && btf__add_struct(btf, "list", 8) == self, "a list");
	btf__add_field(btf, "next", self - 1, 0, 0);
	CHECK(btf, self, uint64_t, 1, "{\"next\":1}", "{ \"next\": \"0x1\" }",
	      "a pointer to oneself");
	var = btf__add_var(btf, "counter", BTF_VAR_STATIC, u32);
	sec = btf__add_datasec(btf, ".bss", 0);
	btf__add_datasec_var_info(btf, var, 4, 4);
	btf__add_datasec_var_info(btf, var, 0, 4);
	CHECK(btf, var, uint32_t, 3, "{\"counter\":3}", "{ \"counter\": 3 }", "variable");
	check(btf, sec, data, 8, "{\".bss\":[{\"counter\":1069547520},{\"counter\":7}]}",
	      "{ \".bss\": [{ \"counter\": 1069547520 },{ \"counter\": 7 } ] }", "section");
	refuse(btf, sec, 7, "section larger than the data");
}

/* Doubles depth times: cost 2^depth in a few bytes. */
static int add_bomb(struct btf *btf, int inner, unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++) {
		int id = btf__add_union(btf, NULL, 4);

		btf__add_field(btf, "a", inner, 0, 0);
		btf__add_field(btf, "b", inner, 0, 0);
		inner = id;
	}
	return inner;
}

static void test_hostile(struct btf *btf)
{
	int u32 = btf__add_int(btf, "u32", 4, 0), empty = btf__add_struct(btf, "empty", 0);
	int out = btf__add_struct(btf, "out", 4), cycle, loop, billions, nothing, deep, far, bad;
	struct btf_plan *p = NULL;
	unsigned int i;

	btf__add_field(btf, "m", u32, 8, 0);
	refuse(btf, out, 64, "member reaches out of its struct");
	far = btf__add_struct(btf, "far", 4);
	btf__add_field(btf, "m", u32, 0xfffff8, 5);
	refuse(btf, far, 64, "bit-field far out of its struct");
	bad = btf__add_struct(btf, "bad", 4);
	btf__add_field(btf, "m", 4000000, 0, 0);
	refuse(btf, bad, 64, "a member of a type that is not there");
	refuse(btf, 5000000, 64, "a type that is not there");
	cycle = btf__type_cnt(btf);
	btf__add_struct(btf, "cycle", 4);
	btf__add_field(btf, "again", cycle, 0, 0);
	refuse(btf, cycle, 64, "a struct in itself");
	loop = btf__type_cnt(btf);
	btf__add_typedef(btf, "t", loop + 1);
	btf__add_const(btf, loop);
	refuse(btf, loop, 64, "a typedef of itself");
	loop = btf__type_cnt(btf);
	btf__add_array(btf, u32, loop, 1);
	refuse(btf, loop, 64, "an array of itself");
	billions = btf__add_array(btf, u32, u32, UINT32_MAX);
	refuse(btf, billions, 64, "billions of numbers");
	nothing = btf__add_array(btf, u32, empty, UINT32_MAX);
	refuse(btf, nothing, 64, "billions of nothing");
	refuse(btf, add_bomb(btf, u32, 40), 64, "unions that multiply");
	deep = u32;
	for (i = 0; i < 70; i++)
		deep = btf__add_array(btf, u32, deep, 1);
	refuse(btf, deep, 64, "too deep");
	is_int(btf_plan_new(image_of(btf), (uint32_t)add_bomb(btf, u32, 10), 64, &p), 0,
	       "a small one is fine");
	btf_plan_free(p);
	btf_plan_free(NULL);
}

/* All types of a BTF with some data: what is not rejected is JSON, the same from both walkers. */
static void print_all(const struct btf *btf, const uint8_t *data, size_t len, unsigned int *bad)
{
	const struct btf_image *img = try_image_of(btf);

	for (uint32_t id = 0; img && id < btf__type_cnt(btf); id++) {
		struct btf_plan *p = NULL;
		struct buf b = {};
		auto_free char *json = NULL;
		json_t *j;

		if (btf_plan_new(img, id, len, &p))
			continue;
		btf_plan_compose(&b, p, data);
		buf_putc(&b, '\0');
		if (b.len < 100000) {
			json = through_writer(OUT_JSON, p, data);
			j = json_loads(json,
				       JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL,
				       NULL);
			*bad += !j || strcmp(json, b.data) != 0;
			json_decref(j);
		}
		buf_free(&b);
		btf_plan_free(p);
	}
}

static int say_nothing(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level, (void)fmt, (void)ap;
	return 0;
}

static void test_mutations(struct btf *btf)
{
	const struct btf_header *h;
	unsigned int bad = 0, parsed = 0;
	uint8_t data[256], *copy;
	const uint8_t *raw;
	uint32_t size;

	test_structs(btf);
	test_names(btf);
	test_floats(btf);
	test_arrays(btf);
	raw = btf__raw_data(btf, &size);
	h = (const void *)raw;
	copy = malloc(size);
	srand(7);
	libbpf_set_print(say_nothing);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)rand();
	for (int round = 0; round < 1000; round++) {
		struct btf *changed;

		memcpy(copy, raw, size);
		for (int i = rand() % 4; i >= 0; i--)
			copy[h->hdr_len + h->type_off + (uint32_t)rand() % h->type_len] =
				(uint8_t)rand();
		changed = btf__new(copy, size);
		if (libbpf_get_error(changed))
			continue;
		parsed++;
		print_all(changed, data, sizeof(data), &bad);
		btf__free(changed);
	}
	free(copy);
	ok(parsed > 100, "%u broken BTFs were taken for whole", parsed);
	is_int(bad, 0, "and all that was printed is JSON");
}

int main(void)
{
	void (*const tests[])(struct btf *btf) = { test_ints, test_names, test_wide_enum_bits,
						   test_floats, test_arrays, test_structs,
						   test_hostile, test_mutations };

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct btf *btf = btf__new_empty();

		tests[i](btf);
		btf__free(btf);
	}
	return tap_done();
}
