// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * BTF as C: declarations, their order, padding, conflicting names; and types that C cannot express.
 */
#include "decode/btf/c.h"

#include "decode/btf/decl.h"
#include "btf_image.h"

static int write_c(struct out *o, void *arg)
{
	return btf_c_dump(&err, o, arg);
}

/* The declarations alone. Owned. */
static char *c_of(const struct btf *btf, bool unsorted)
{
	static const char
		head[] = "#endif\n#endif\n\n",
		tail[] = "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop";
	struct btf_image img = {};
	struct btf_c c = { .img = &img, .unsorted = unsorted };
	char *text, *from, *to;

	open_image(btf, NULL, &img);
	text = written(write_c, &c, OUT_TEXT);
	from = text ? strstr(text, head) : NULL;
	to = from ? strstr(from, tail) : NULL;
	if (to) {
		*to = '\0';
		memmove(text, from + strlen(head), strlen(from + strlen(head)) + 1);
	}
	close_image(&img);
	return text;
}

static void is_c(const struct btf *btf, bool unsorted, const char *want, const char *what)
{
	auto_free char *text = c_of(btf, unsorted);

	is_str(text, want, what);
}

static void is_refused(const struct btf *btf, const char *what)
{
	auto_free char *text = c_of(btf, false);

	ok(!text && strstr(err.text, "BTF type "), "%s: %s", what, text ? text : err.text);
}

static struct btf *with_int(void)
{
	struct btf *b = btf__new_empty();

	btf__add_int(b, "int", 4, BTF_INT_SIGNED);	/* 1 */
	btf__add_int(b, "char", 1, BTF_INT_SIGNED);	/* 2 */
	btf__add_int(b, "long", 8, BTF_INT_SIGNED);	/* 3 */
	return b;
}

/* A needs B complete and C by name; C, which is last, needs A. */
static void test_order(void)
{
	struct btf *b = with_int();

	btf__add_struct(b, "A", 16);			/* 4 */
	btf__add_field(b, "b", 5, 0, 0);
	btf__add_field(b, "c", 6, 64, 0);
	btf__add_struct(b, "B", 4);			/* 5 */
	btf__add_field(b, "x", 1, 0, 0);
	btf__add_ptr(b, 7);				/* 6 */
	btf__add_struct(b, "C", 24);			/* 7 */
	btf__add_field(b, "a", 4, 0, 0);
	btf__add_field(b, "self", 6, 128, 0);
	is_c(b, true,
	     "struct B {\n\tint x;\n};\n\nstruct C;\n\nstruct A {\n\tstruct B b;\n\tstruct C "
	     "*c;\n};\n\n"
	     "struct C {\n\tstruct A a;\n\tstruct C *self;\n};\n\n",
	     "what is needed comes first");
	btf__free(b);

	b = with_int();
	btf__add_typedef(b, "a_t", 5);			/* 4 */
	btf__add_struct(b, "a", 8);			/* 5 */
	btf__add_field(b, "next", 6, 0, 0);
	btf__add_ptr(b, 4);				/* 6 */
	is_c(b, true, "struct a;\n\ntypedef struct a a_t;\n\nstruct a {\n\ta_t *next;\n};\n\n",
	     "a typedef that its own struct needs");
	btf__free(b);

	b = with_int();
	btf__add_struct(b, "z", 4);			/* 4 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_enum(b, "mine", 4); /* 5: W50: first in the order, and not a member */
	btf__add_enum_value(b, "ONE", 1);
	btf__add_enum(b, NULL, 4);			/* 6 */
	btf__add_enum_value(b, "FREE", -1);
	btf__add_enum(b, NULL, 4);			/* 7: inside a typedef */
	btf__add_enum_value(b, "IN", 2);
	btf__add_typedef(b, "in_t", 7);			/* 8 */
	btf__add_struct(b, "a", 4);			/* 9 */
	btf__add_field(b, "i", 1, 0, 0);
	is_c(b, false,
	     "enum {\n\tFREE = -1,\n};\n\ntypedef enum {\n\tIN = 2,\n} in_t;\n\nenum mine {\n\tONE "
	     "= 1,\n};\n\n"
	     "struct a {\n\tint i;\n};\n\nstruct z {\n\tint i;\n};\n\n",
	     "sorted: enums first, none lost, none twice");
	btf__free(b);
}

static void test_layout(void)
{
	struct btf *b = with_int();

	btf__add_struct(b, "natural", 16);		/* 4 */
	btf__add_field(b, "c", 2, 0, 0);
	btf__add_field(b, "l", 3, 64, 0);
	btf__add_struct(b, "packed", 9);		/* 5 */
	btf__add_field(b, "c", 2, 0, 0);
	btf__add_field(b, "l", 3, 8, 0);
	btf__add_struct(b, "aligned", 64);		/* 6 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_field(b, "j", 1, 256, 0);
	btf__add_struct(b, "bits", 8);			/* 7 */
	btf__add_field(b, "a", 1, 0, 3);
	btf__add_field(b, "b", 1, 16, 4);
	btf__add_field(b, "c", 1, 32, 32);
	btf__add_struct(b, "early", 4);			/* 8 */
	btf__add_field(b, "last", 1, 31, 1);
	btf__add_union(b, "u", 16);			/* 9 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_struct(b, "none", 0);			/* 10 */
	is_c(b, true,
	     "struct natural {\n\tchar c;\n\tlong l;\n};\n\n"
	     "struct packed {\n\tchar c;\n\tlong l;\n} __attribute__((packed));\n\n"
	     "struct aligned {\n\tint i;\n\tlong: 64;\n\tlong: 64;\n\tlong: 64;\n\tint j;\n\tlong: "
	     "64;\n\tlong: 64;\n"
	     "\tlong: 64;\n};\n\n"
	     "struct bits {\n\tint a: 3;\n\tshort: 0;\n\tint b: 4;\n\tint c: 32;\n};\n\n"
	     "struct early {\n\tint: 31;\n\tint last: 1;\n};\n\n"
	     "union u {\n\tint i;\n\tstruct {\n\t\tlong: 64;\n\t\tlong: 64;\n\t};\n};\n\n"
	     "struct none {};\n\n",
	     "padding, packed records, bit-fields");
	btf__free(b);
}

/*
 * On 32-bit machines a long has 32 bits; 64-bit types are aligned to 32 by i386, to 64 by others:
 * the gap is written.
 */
static void test_32bit(void)
{
	struct btf *b = btf__new_empty();

	btf__add_int(b, "int", 4, BTF_INT_SIGNED);	/* 1 */
	btf__add_int(b, "long long", 8, BTF_INT_SIGNED);	/* 2 */
	btf__add_ptr(b, 0);				/* 3 */
	btf__add_struct(b, "far", 64); /* 4: its pointer has 4 bytes, there is no long */
	btf__add_field(b, "p", 3, 0, 0);
	btf__add_field(b, "i", 1, 32, 0);
	btf__add_field(b, "j", 1, 192, 0);
	btf__add_struct(b, "arm", 16);			/* 5 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_field(b, "l", 2, 64, 0);
	btf__add_struct(b, "i386", 16);			/* 6 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_field(b, "l", 2, 32, 0);
	btf__add_field(b, "p", 3, 96, 0);
	btf__add_struct(b, "tail", 16);			/* 7 */
	btf__add_field(b, "l", 2, 0, 0);
	btf__add_field(b, "i", 1, 64, 0);
	is_c(b, true,
	     "struct far {\n\tvoid *p;\n\tint i;\n\tint: 32;\n\tint: 32;\n\tint: 32;\n\tint: "
	     "32;\n\tint j;\n"
	     "\tint: 32;\n\tint: 32;\n\tint: 32;\n\tint: 32;\n\tint: 32;\n\tint: 32;\n\tint: "
	     "32;\n\tint: 32;\n"
	     "\tint: 32;\n};\n\n"
	     "struct arm {\n\tint i;\n\tint: 32;\n\tlong long l;\n};\n\n"
	     "struct i386 {\n\tint i;\n\tlong long l;\n\tvoid *p;\n} __attribute__((packed));\n\n"
	     "struct tail {\n\tlong long l;\n\tint i;\n\tint: 32;\n};\n\n",
	     "pointers of 4 bytes");
	btf__free(b);

	b = with_int();					/* found by compiling the output */
	btf__add_struct(b, "bits", 13);			/* 4 */
	btf__add_field(b, "a", 1, 0, 27);
	btf__add_field(b, "l", 3, 32, 60);
	btf__add_field(b, "c", 2, 96, 5);
	is_c(b, true,
	     "struct bits {\n\tint a: 27;\n\tint: 5;\n\tlong l: 60;\n\tint: 4;\n\tchar c: 5;\n} "
	     "__attribute__((packed));\n\n",
	     "small bit-fields of packed records have no boundaries either");
	btf__free(b);
}

#define IF_OLD "#if !defined(__cplusplus) && (__STDC_VERSION__ < 202000L || \\\n" \
	       "\t(defined(__clang__) ? __clang_major__ < 15 : __GNUC__ < 13))\n"

/* Keywords, among them those of C23, which are names in older C. */
static void test_keywords(void)
{
	struct btf *b = with_int();

	btf__add_int(b, "_Bool", 1, BTF_INT_BOOL);	/* 4 */
	btf__add_typedef(b, "bool", 4);			/* 5 */
	btf__add_enum(b, NULL, 4);			/* 6 */
	btf__add_enum_value(b, "false", 0);
	btf__add_enum_value(b, "true", 1);
	btf__add_struct(b, "default", 12);		/* 7 */
	btf__add_field(b, "int", 1, 0, 0);
	btf__add_field(b, "nullptr", 1, 32, 0);
	btf__add_field(b, "bool", 5, 64, 0);
	btf__add_field(b, "class", 4, 72, 0);
	btf__add_typedef(b, "auto", 7);			/* 8 */
	btf__add_enum(b, "truth", 4);			/* 9 */
	btf__add_enum_value(b, "true", 1);
	btf__add_enum_value(b, "typeof", 2);
	is_c(b, true,
	     IF_OLD "typedef _Bool bool;\n#endif\n\n" IF_OLD
		    "enum {\n\tfalse = 0,\n\ttrue = 1,\n};\n#endif\n\n"
		    "struct default_ {\n\tint int_;\n\tint nullptr_;\n\tbool bool_;\n\t_Bool "
		    "class;\n};\n\n"
		    "typedef struct default_ auto_;\n\n"
		    "enum truth {\n\ttrue___2 = 1,\n\ttypeof_ = 2,\n};\n\n",
	     "keywords");
	btf__free(b);

	b = with_int();
	btf__add_int(b, "bool", 1, BTF_INT_BOOL);	/* 4: of Rust */
	btf__add_struct(b, "s", 1);			/* 5 */
	btf__add_field(b, "b", 4, 0, 0);
	btf__add_enum(b, NULL, 4);			/* 6 */
	btf__add_enum_value(b, "false", 0);
	btf__add_typedef(b, "boolean", 6);		/* 7 */
	is_c(b, true,
	     IF_OLD "typedef _Bool bool;\n#endif\n\n"
		    "struct s {\n\tbool b;\n};\n\n"
		    "typedef enum {\n\tfalse_ = 0,\n} boolean;\n\n",
	     "a number called bool, false in a typedef");
	btf__free(b);

	b = with_int();
	btf__add_typedef(b, "bool", 1);			/* 4 */
	btf__add_typedef(b, "b", 4);			/* 5 */
	is_c(b, true, "typedef int bool_;\n\ntypedef bool_ b;\n\n", "a bool that is none");
	btf__free(b);
}

static void test_names(void)
{
	struct btf *b = with_int();

	btf__add_fwd(b, "s", BTF_FWD_STRUCT);		/* 4 */
	btf__add_struct(b, "s", 4);			/* 5 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_struct(b, "s", 8);			/* 6 */
	btf__add_field(b, "l", 3, 0, 0);
	btf__add_enum(b, "e", 4);			/* 7 */
	btf__add_enum_value(b, "V", 0);
	btf__add_enum(b, "f", 4);			/* 8 */
	btf__add_enum_value(b, "V", 0);
	btf__add_typedef(b, "V", 1);			/* 9 */
	btf__add_typedef(b, "a<b\x1b[2J>::c", 1);	/* 10 */
	btf__add_int(b, "usize", 8, 0);			/* 11 */
	btf__add_typedef(b, "u", 11);			/* 12 */
	btf__add_typedef(b, "__builtin_va_list", 1);	/* 13 */
	btf__add_struct(b, "x = 0;;", 4); /* 14: a name must not inject C */
	btf__add_field(b, "y; } evil;", 1, 0, 0);
	btf__add_enum(b, "", 4);			/* 15 */
	btf__add_enum_value(b, "Z }; int w", 1);
	is_c(b, true,
	     "struct s;\n\nstruct s {\n\tint i;\n};\n\nstruct s___2 {\n\tlong l;\n};\n\n"
	     "enum e {\n\tV = 0,\n};\n\nenum f {\n\tV___2 = 0,\n};\n\ntypedef int V___3;\n\n"
	     "typedef int a_b__2J___c;\n\ntypedef unsigned long long usize;\n\ntypedef usize u;\n\n"
	     "struct x___0__ {\n\tint y____evil_;\n};\n\nenum {\n\tZ____int_w = 1,\n};\n\n",
	     "names that are there several times, or are none");
	btf__free(b);
}

/* Kinds and flags that libbpf 1.1 does not support are patched in. */
static void set_kflag(struct btf *b, int id)
{
	((struct btf_type *)btf__type_by_id(b, id))->info |= 1u << 31;
}

static void test_kinds(void)
{
	struct btf *b = with_int();
	int tag;

	btf__add_enum64(b, "big", 8, false);		/* 4 */
	btf__add_enum64_value(b, "HUGE", 0xffffffffffffffffULL);
	btf__add_enum64(b, "neg", 8, true);		/* 5 */
	btf__add_enum64_value(b, "LOW", (uint64_t)-1);
	btf__add_enum(b, "tiny", 1);			/* 6 */
	btf__add_enum_value(b, "T", 255);
	btf__add_enum(b, "un", 4);			/* 7 */
	btf__add_enum_value(b, "U", 0x80000000LL);
	btf__add_float(b, "double", 8);			/* 8 */
	btf__add_type_tag(b, "user", 1);		/* 9 */
	tag = btf__add_type_tag(b, "address_space(1)", 1);	/* 10 */
	set_kflag(b, tag);
	tag = btf__add_type_tag(b, "x)) int evil; //", 1);	/* 11 */
	set_kflag(b, tag);
	btf__add_ptr(b, 9);				/* 12 */
	btf__add_ptr(b, 10);				/* 13 */
	btf__add_ptr(b, 11);				/* 14 */
	btf__add_struct(b, "all", 48);			/* 15 */
	btf__add_field(b, "e", 4, 0, 0);
	btf__add_field(b, "d", 8, 64, 0);
	btf__add_field(b, "user", 12, 128, 0);
	btf__add_field(b, "space", 13, 192, 0);
	btf__add_field(b, "evil", 14, 256, 0);
	btf__add_field(b, "f", 19, 320, 0);
	btf__add_func_proto(b, 13);			/* 16 */
	btf__add_func_param(b, "a", 18);
	btf__add_func_param(b, "", 0);
	btf__add_array(b, 1, 1, 4);			/* 17 */
	btf__add_ptr(b, 17);				/* 18 */
	btf__add_ptr(b, 16);				/* 19 */
	btf__add_func(b, "call_me", BTF_FUNC_GLOBAL, 16);	/* 20 */
	btf__add_decl_tag(b, "bpf_kfunc", 20, -1);
	is_c(b, true,
	     "enum big {\n\tHUGE = 18446744073709551615ULL,\n};\n\n"
	     "enum neg {\n\tLOW = -1LL,\n} __attribute__((mode(DI)));\n\n"
	     "enum tiny {\n\tT = 255,\n} __attribute__((mode(byte)));\n\nenum un {\n\tU = "
	     "2147483648,\n};\n\n"
	     "struct all {\n\tenum big e;\n\tdouble d;\n\tint "
	     "__attribute__((btf_type_tag(\"user\"))) *user;\n"
	     "\tint __attribute__((address_space(1))) *space;\n"
	     "\tint __attribute__((btf_type_tag(\"x)) int evil; //\"))) *evil;\n"
	     "\tint __attribute__((address_space(1))) * (*f)(int (*a)[4], ...);\n};\n\n"
	     "#ifndef BPF_NO_KFUNC_PROTOTYPES\n"
	     "extern int __attribute__((address_space(1))) *call_me(int (*a)[4], ...) __weak "
	     "__ksym;\n"
	     "#endif\n\n",
	     "kinds old and new, a kernel function");
	btf__free(b);
}

static void test_impossible(void)
{
	struct btf *b = with_int();

	btf__add_struct(b, "a", 8);			/* 4 */
	btf__add_field(b, "b", 5, 0, 0);
	btf__add_struct(b, "b", 8);			/* 5 */
	btf__add_field(b, "a", 4, 0, 0);
	is_refused(b, "structs within each other");
	btf__free(b);

	b = with_int();
	btf__add_typedef(b, "a", 5);			/* 4 */
	btf__add_typedef(b, "b", 4);			/* 5 */
	is_refused(b, "typedefs of each other");
	btf__free(b);

	b = with_int();
	btf__add_ptr(b, 5);				/* 4 */
	btf__add_const(b, 4);				/* 5 */
	btf__add_struct(b, "s", 8);			/* 6 */
	btf__add_field(b, "p", 4, 0, 0);
	is_refused(b, "a pointer to itself");
	btf__free(b);

	b = with_int();					/* 2^40 members, if written in full */
	for (int i = 0; i < 40; i++) {
		btf__add_struct(b, NULL, 8);
		btf__add_field(b, "l", i ? 3 + i : 1, 0, 0);
		btf__add_field(b, "r", i ? 3 + i : 1, 32, 0);
	}
	btf__add_struct(b, "s", 8);
	btf__add_field(b, "x", 43, 0, 0);
	is_refused(b, "structs without a name that double each time");
	btf__free(b);

	b = with_int();
	for (int i = 0; i < 5000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "s%d", i);
		btf__add_struct(b, name, 4);
		btf__add_field(b, "m", i < 4999 ? 5 + i : 1, 0, 0);
	}
	is_refused(b, "5000 structs within each other");
	btf__free(b);

	b = with_int();
	btf__add_array(b, 1, 1, UINT32_MAX);		/* 4 */
	btf__add_array(b, 1, 4, UINT32_MAX);		/* 5 */
	btf__add_struct(b, "s", UINT32_MAX);		/* 6 */
	btf__add_field(b, "m", 5, 0, 0);
	btf__add_field(b, "n", 1, 0xffffff, 0);
	free(c_of(b, false));
	ok(1, "absurd sizes: %s", err.code ? err.text : "fine");
	btf__free(b);
}

static bool try_c(const void *data, size_t len)
{
	struct btf_image img = {};
	struct btf_c c = { .img = &img };
	bool refused = true;
	char *text;

	if (btf_image_open(&err, data, len, &img))
		return true;
	if (!btf_image_check(&err, &img)) {
		text = written(write_c, &c, OUT_TEXT);
		refused = !text;
		free(text);
		c.unsorted = true;
		free(written(write_c, &c, OUT_TEXT));
	}
	btf_image_close(&img);
	return refused;
}

static void test_damage(void)
{
	struct btf *b = with_int();
	unsigned int refused;
	size_t len;
	void *data;

	for (int i = 0; i < 4; i++) {
		btf__add_struct(b, i ? "s" : NULL, 16);
		btf__add_field(b, "a", 1, 0, 3);
		btf__add_field(b, "b", 4 + 7 * i + 1, 32, 0);
		btf__add_ptr(b, 4 + 7 * i);
		btf__add_const(b, 1);
		btf__add_enum(b, "e", 4);
		btf__add_enum_value(b, "V", 1);
		btf__add_func_proto(b, 4 + 7 * i + 1);
		btf__add_func_param(b, "p", 4 + 7 * i + 2);
		btf__add_typedef(b, "t", 4 + 7 * i);
		btf__add_array(b, 1, 4 + 7 * i + 5, 3);
	}
	data = bytes_of(b, &len);
	refused = damage(data, len, 20000, try_c);
	ok(refused > 2000 && refused < 20000,
	   "damaged BTF: %u of 20000 refused, the others written", refused);
	free(data);
	btf__free(b);
}

int main(void)
{
	test_order();
	test_layout();
	test_32bit();
	test_keywords();
	test_names();
	test_kinds();
	test_impossible();
	test_damage();
	ok(btf_is_c_number("long unsigned int") && !btf_is_c_number("u8") &&
		   !btf_is_c_number("longer"),
	   "numbers of C's own");
	return tap_done();
}
