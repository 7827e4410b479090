// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Types as declared in C: compared with the original declaration. And types without end. */
#include <errno.h>

#include "decode/btf/abi.h"
#include "decode/btf/spell.h"
#include "image_of.h"
#include "tap.h"

struct types {
	struct btf *btf;
	int i32, chr, sock;
};

static struct types make_types(void)
{
	struct types t = { .btf = btf__new_empty() };

	t.i32 = btf__add_int(t.btf, "int", 4, BTF_INT_SIGNED);
	t.chr = btf__add_int(t.btf, "char", 1, BTF_INT_CHAR);
	t.sock = btf__add_fwd(t.btf, "sock", BTF_FWD_STRUCT);
	return t;
}

static void says(const struct btf *btf, int id, const char *name, const char *want)
{
	char text[BTF_SPELL_MAX];
	int err = btf_spell_decl(image_of(btf), id, name, text);

	is_str(err ? "(error)" : text, want, want);
}

static void test_simple(void)
{
	struct types t = make_types();
	int ptr = btf__add_ptr(t.btf, t.sock), cptr = btf__add_const(t.btf, ptr);
	int cint = btf__add_const(t.btf, t.i32), vcint = btf__add_volatile(t.btf, cint);

	says(t.btf, 0, "", "void");
	says(t.btf, t.i32, "", "int");
	says(t.btf, t.i32, "n", "int n");
	says(t.btf, ptr, "", "struct sock *");
	says(t.btf, ptr, "sk", "struct sock *sk");
	says(t.btf, btf__add_ptr(t.btf, ptr), "sk", "struct sock **sk");
	says(t.btf, cptr, "sk", "struct sock *const sk");
	says(t.btf, btf__add_ptr(t.btf, cint), "p", "const int *p");
	says(t.btf, vcint, "v", "volatile const int v");
	says(t.btf, btf__add_typedef(t.btf, "u32", t.i32), "x", "u32 x");
	says(t.btf, btf__add_type_tag(t.btf, "user", t.i32), "x", "int x");
	btf__free(t.btf);
}

static void test_outwards(void)
{
	struct types t = make_types();
	int arr = btf__add_array(t.btf, t.i32, t.i32, 4),
	    grid = btf__add_array(t.btf, t.i32, arr, 2);
	int parr = btf__add_ptr(t.btf, arr), fn, pfn;

	says(t.btf, arr, "", "int[4]");
	says(t.btf, grid, "m", "int m[2][4]");
	says(t.btf, parr, "p", "int (*p)[4]");
	says(t.btf, parr, "", "int (*)[4]");
	fn = btf__add_func_proto(t.btf, t.i32);
	btf__add_func_param(t.btf, "sk", btf__type_cnt(t.btf));
	btf__add_func_param(t.btf, "", t.i32);
	btf__add_ptr(t.btf, t.sock);
	pfn = btf__add_ptr(t.btf, fn);
	says(t.btf, pfn, "init", "int (*init)(struct sock *sk, int)");
	says(t.btf, btf__add_const(t.btf, pfn), "init", "int (*const init)(struct sock *sk, int)");
	says(t.btf, btf__add_array(t.btf, t.i32, pfn, 3), "ops",
	     "int (*ops[3])(struct sock *sk, int)");
	fn = btf__add_func_proto(t.btf, pfn);
	says(t.btf, fn, "get", "int (*get(void))(struct sock *sk, int)");
	fn = btf__add_func_proto(t.btf, 0);
	btf__add_func_param(t.btf, "fmt", t.i32);
	btf__add_func_param(t.btf, "", 0);
	says(t.btf, fn, "print", "void print(int fmt, ...)");
	btf__free(t.btf);
}

static void test_functions(void)
{
	struct types t = make_types();
	char text[BTF_SPELL_MAX];
	int fn = btf__add_func_proto(t.btf, t.i32), func;

	btf__add_func_param(t.btf, "k", t.i32);
	func = btf__add_func(t.btf, "sub", BTF_FUNC_STATIC, fn);
	is_int(btf_spell_func(image_of(t.btf), func, text), 0, "a function");
	is_str(text, "int sub(int k)", "by name");
	is_int(btf_spell_func(image_of(t.btf), t.i32, text), -EINVAL, "an int is none");
	is_str(text, "", "and leaves nothing");
	btf__free(t.btf);
}

static void test_nameless(void)
{
	struct types t = make_types();
	int arr = btf__add_array(t.btf, t.i32, t.chr, 8), s, in, big;

	in = btf__add_union(t.btf, NULL, 4);
	btf__add_field(t.btf, "a", t.i32, 0, 0);
	s = btf__add_struct(t.btf, NULL, 16);
	btf__add_field(t.btf, "x", t.i32, 0, 3);
	btf__add_field(t.btf, "name", arr, 32, 0);
	btf__add_field(t.btf, "", in, 96, 0);
	says(t.btf, s, "v", "struct { int x : 3; char name[8]; union { int a; }; } v");
	says(t.btf, btf__add_struct(t.btf, NULL, 0), "", "struct { }");
	says(t.btf, btf__add_enum(t.btf, NULL, 4), "e", "enum {...} e");
	big = btf__add_struct(t.btf, NULL, 52);
	for (int i = 0; i < 13; i++)
		btf__add_field(t.btf, "m", t.i32, 32 * i, 0);
	says(t.btf, big, "b", "struct {...} b");
	btf__free(t.btf);
}

/* An unnamed struct in itself, ever longer pointers, names that do not fit. */
static void test_hostile(void)
{
	struct types t = make_types();
	char text[BTF_SPELL_MAX], name[BTF_SPELL_MAX + 1];
	int ptr = btf__add_ptr(t.btf, t.i32), s, fn, mod;

	((struct btf_type *)btf__type_by_id(t.btf, ptr))->type = ptr;
	is_int(btf_spell_decl(image_of(t.btf), ptr, "p", text), -ELOOP, "a pointer to itself");
	is_str(text, "", "leaves nothing");
	is_int(btf_spell_decl(image_of(t.btf), 99, "p", text), -EINVAL, "a type that is not there");
	mod = btf__add_const(t.btf, t.i32);
	((struct btf_type *)btf__type_by_id(t.btf, mod))->type = mod;
	is_int(btf_spell_decl(image_of(t.btf), mod, "p", text), -ELOOP, "const of itself");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	is_int(btf_spell_decl(image_of(t.btf), t.i32, name, text), -E2BIG,
	       "a name that is too long");
	s = btf__add_struct(t.btf, NULL, 8);
	for (int i = 0; i < 12; i++)
		btf__add_field(t.btf, "m", s, 0, 0);
	ok(!btf_spell_decl(image_of(t.btf), s, "v", text) || !text[0],
	   "a struct in itself comes to an end");
	fn = btf__add_func_proto(t.btf, 0);
	for (int i = 0; i < 1000; i++)
		btf__add_func_param(t.btf, "", fn);
	ok(btf_spell_decl(image_of(t.btf), fn, "f", text) < 0,
	   "a function of itself, a thousand times over");
	btf__free(t.btf);
}

int main(void)
{
	test_simple();
	test_outwards();
	test_functions();
	test_nameless();
	test_hostile();
	return tap_done();
}
