// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Generated C: templates, literals that give the same bytes, types that can be written and those
 * that cannot.
 */
#include <errno.h>

#include "cli/ctx.h"
#include "decode/btf/abi.h"
#include "gen/c.h"
#include "gen/describe.h"
#include "image_of.h"
#include "json_writer.h"

static struct btf *btf;
static int id_int, id_char;
static struct ctx ctx;

static void is_text(struct c_text *t, const char *want, const char *what)
{
	buf_putc(&t->b, '\0');
	is_str(t->b.data, want, what);
	t->b.len = 0;
}

static void test_put(struct c_text *t)
{
	ct_put(t, "struct $ *$__open(void);");
	is_text(t, "struct app *app__open(void);", "$ is the name");
	ct_put_upper(t, "app_x.y-1");
	is_text(t, "APP_X_Y_1", "a macro's name");
	ct_string(t, "a\"b\\c\n?\xff.data");
	is_text(t, "\"a\\042b\\134c\\012\\077\\377.data\"", "a string");
}

/* Parses a literal like a compiler, and checks its layout. */
static size_t read_literal(const char *text, size_t len, uint8_t *ret, unsigned int *ret_longest)
{
	const char *at = text + 1, *end = text + len - 1, *line = text;
	size_t n = 0;

	*ret_longest = 0;
	while (at < end) {
		if (at[1] == '\n') {
			if (at + 1 - line > *ret_longest)
				*ret_longest = at + 1 - line;
			at += 2;
			line = at;
		} else if (at[1] == '0') {
			ret[n++] = 0;
			at += 2;
		} else {
			ret[n++] = strtoul((char[]){ at[2], at[3], 0 }, NULL, 16);
			at += 4;
		}
	}
	return n;
}

static void test_literal(struct c_text *t)
{
	static const size_t sizes[] = { 0, 1, 19, 38, 39, 40, 1000, 5000 };
	uint8_t data[5000], back[6000];
	unsigned int longest;
	size_t i, n;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i % 3 ? i * 7 : 0;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ct_literal(t, data, sizes[i]);
		n = read_literal(t->b.data, t->b.len, back, &longest);
		ok(n == sizes[i] && !memcmp(back, data, n), "%zu bytes", n);
		ok(longest <= 78, "in lines of %u columns", longest);
		t->b.len = 0;
	}
}

/* In a separate text, with the types so far. */
static bool spelled_in(struct c_text *t, int id, const char *want)
{
	bool ret;

	ct_close(t);
	if (ct_open(&ctx, "app", image_of(btf), t))
		return false;
	ret = ct_decl(t, id, "x", 0, 0);
	if (want)
		is_text(t, want, "is written");
	return ret;
}

static bool spelled(int id)
{
	auto_c_text struct c_text t = {};

	return spelled_in(&t, id, NULL);
}

static void test_decl(struct c_text *t)
{
	int arr = btf__add_array(btf, id_int, id_int, 3), proto = btf__add_func_proto(btf, id_int);
	int pproto = btf__add_ptr(btf, proto), volatile_int = btf__add_volatile(btf, id_int);
	int anon = btf__add_struct(btf, NULL, 8), td;

	btf__add_field(btf, "a", id_int, 0, 0);
	btf__add_field(btf, "p", id_char, 32, 0);
	td = btf__add_typedef(btf, "anon_t", anon);
	ct_close(t);
	is_int(ct_open(&ctx, "app", image_of(btf), t), 0, "open");

	ct_decl(t, arr, "x", 0, 0);
	is_text(t, "int x[3]", "is declared");
	ct_decl(t, arr, "(*x)", 0, 0);
	is_text(t, "int (*x)[3]", "pointed to");
	ct_decl(t, pproto, "f", 0, 0);
	is_text(t, "int (*f)(void)", "a function without parameters");
	ct_decl(t, volatile_int, "v", 0, 0);
	is_text(t, "int v", "without qualifiers");
	ct_decl(t, volatile_int, "v", 0, CT_KEEP_QUALIFIERS);
	is_text(t, "volatile int v", "with them");
	ct_decl(t, td, "s", 0, 0);
	is_text(t, "anon_t s", "a typedef by its name");
	ct_decl(t, anon, "s", 1, 0);
	is_text(t, "struct {\n\t\tint a;\n\t\tchar p;\n\t} s", "is written out, indented");
}

static void test_names(void)
{
	int bad = btf__add_struct(btf, "x; int y", 4), param = btf__add_func_proto(btf, 0), anon;

	ok(!spelled(0), "void is no type of a variable");
	ok(!spelled(bad), "a struct's name that is none");
	btf__add_func_param(btf, "a){}", id_int);
	ok(!spelled(btf__add_ptr(btf, param)), "a parameter's");
	anon = btf__add_struct(btf, NULL, 4);
	btf__add_field(btf, "a\nb", id_int, 0, 0);
	ok(!spelled(anon), "a member's");
	anon = btf__add_enum(btf, NULL, 4);
	btf__add_enum_value(btf, "A }", 1);
	ok(!spelled(anon), "an enumerator's");
	ok(!spelled(btf__add_typedef(btf, "vec<int>", id_int)), "a typedef's");
	ok(spelled(btf__add_type_tag(btf, "\"))", id_int)), "a tag is left out");
	ok(!spelled(btf__add_func(btf, "f", BTF_FUNC_GLOBAL, param)), "a function is no type");
}

/* Types without end, or too large for memory. */
static void test_circles(void)
{
	int next = btf__type_cnt(btf), inner, i, id;

	btf__add_struct(btf, NULL, 4);
	btf__add_field(btf, "self", next, 0, 0);
	ok(!spelled(next), "an unnamed struct in itself");
	next = btf__type_cnt(btf);
	btf__add_ptr(btf, next);
	ok(!spelled(next), "a pointer to itself");
	next = btf__type_cnt(btf);
	btf__add_array(btf, id_int, next, 2);
	ok(!spelled(next), "an array of itself");
	next = btf__add_fwd(btf, "nowhere", BTF_FWD_STRUCT);
	inner = btf__add_struct(btf, NULL, 4);
	btf__add_field(btf, "x", next, 0, 0);
	ok(!spelled(inner), "something without a size in an unnamed one");
	inner = btf__add_struct(btf, NULL, 1 << 30);
	btf__add_field(btf, "x", id_int, 0, 0);
	ok(!spelled(inner), "a gigabyte of nothing in an unnamed one");
	next = btf__add_array(btf, id_int, id_int, 1 << 25);
	inner = btf__add_struct(btf, NULL, 1 << 27);
	btf__add_field(btf, "x", next, 0, 0);
	ok(spelled(inner), "but as much of something is one line");
	inner = btf__add_struct(btf, NULL, 8);
	btf__add_field(btf, "x", next, 0, 0);
	ok(!spelled(inner), "unless that is more than the whole");
	inner = btf__add_union(btf, NULL, 1 << 27);
	btf__add_field(btf, "x", next, 0, 0);
	btf__add_field(btf, "y", id_int, 0, 0);
	ok(spelled(inner), "a union with much in it");
	/* Twice as much per level. */
	for (i = 0, id = id_int; i < 40; i++) {
		inner = btf__add_struct(btf, NULL, 8);
		btf__add_field(btf, "a", id, 0, 0);
		btf__add_field(btf, "b", id, 32, 0);
		id = inner;
	}
	ok(!spelled(id), "2^40 members");
}

/* A type of a megabyte may occur in a header once, or several times, but not without limit. */
static void test_budget(void)
{
	int anon = btf__add_struct(btf, NULL, 40000);
	auto_c_text struct c_text t = {};
	int n = 0;

	for (int i = 0; i < 10000; i++)
		btf__add_field(btf, "member_with_a_name_of_some_length", id_int, 32 * i, 0);
	ok(spelled_in(&t, anon, NULL), "within what is left");
	while (n < 1000 && ct_decl(&t, anon, "x", 0, 0))
		n++;
	ok(n > 1 && n < 1000, "and beyond it, after %d", n);
	ok(t.b.len < 32 << 20, "%zu bytes", t.b.len);
}

static void test_base64(void)
{
	static const char *const want[] = { "",		"Zg==",	    "Zm8=",    "Zm9v",
					    "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		struct buf b = {};

		buf_base64(&b, (const uint8_t *)"foobar", i);
		buf_putc(&b, '\0');
		is_str(b.data, want[i], "base64");
		buf_free(&b);
	}
}

int main(void)
{
	struct err e = {};
	struct out *o = out_open(STDERR_FILENO, OUT_JSON);
	auto_c_text struct c_text t = {};

	ctx = (struct ctx){ .err = &e, .out = o };
	btf = btf__new_empty();
	id_int = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	id_char = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	is_int(ct_open(&ctx, "app", NULL, &t), 0, "open");
	test_put(&t);
	test_literal(&t);
	test_decl(&t);
	test_names();
	test_circles();
	test_budget();
	test_base64();
	ct_close(&t);
	btf__free(btf);
	out_close(o);
	return tap_done();
}
