// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Types that libbpf dies of when it writes them as C, as the fuzzer found them; and real ones that it does not. */
#include <errno.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "../../cli/err.h"
#include "../../decode/btf_shape.h"
#include "tap.h"

enum { INT = 1 };

static struct btf *types(void)
{
	struct btf *btf = btf__new_empty();

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	return btf;
}

static struct btf_type *type(const struct btf *btf, int id)
{
	return (struct btf_type *)btf__type_by_id(btf, id);
}

/* want NULL: no objection. */
static void says(struct btf *btf, const char *want, const char *what)
{
	struct err e = {};
	int err = btf_shape_check(&e, btf);

	ok(want ? err < 0 && strstr(e.text, want) : !err, "%s", what);
	if (want ? !strstr(e.text, want) : err)
		printf("# %d '%s', want '%s'\n", err, e.text, want ?: "nothing");
	err_clear(&e);
	btf__free(btf);
}

static void test_sound(void)
{
	struct btf *btf = types();
	int s, td, ptr, proto;

	/* struct node { node_t *next; void (*fn)(struct node *); }; typedef struct node node_t; */
	s = btf__add_struct(btf, "node", 16);
	btf__add_field(btf, "next", s + 2, 0, 0);
	btf__add_field(btf, "fn", s + 5, 64, 0);
	td = btf__add_typedef(btf, "node_t", s);
	ptr = btf__add_ptr(btf, td);
	btf__add_ptr(btf, s);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func_param(btf, "n", s + 3);
	btf__add_ptr(btf, proto);
	is_int(ptr, s + 2, "the ids are as foreseen");
	says(btf, NULL, "pointers that go round by names");
	btf = types();
	s = btf__add_array(btf, INT, INT, 1 << 24);
	btf__add_struct(btf, "large", (1 << 26) + 4);
	btf__add_field(btf, "room", s, 0, 0);
	btf__add_field(btf, "end", INT, 1u << 29, 0);
	says(btf, NULL, "a large struct that is full");
	says(btf__load_vmlinux_btf() ?: types(), NULL, "the kernel's types");
}

static void test_loops(void)
{
	struct btf *btf = types();
	int s;

	btf__add_ptr(btf, 2);
	says(btf, "type 2 contains itself, with no name on the way", "a pointer to itself");
	btf = types();
	btf__add_const(btf, 3);
	btf__add_ptr(btf, 2);
	type(btf, 3)->name_off = strlen("int") + 1;	/* the end of a string */
	says(btf, "contains itself, with no name", "a name that is empty but does not lie at 0");
	btf = types();
	btf__add_func_proto(btf, INT);
	btf__add_func_param(btf, "f", 3);
	btf__add_ptr(btf, 2);
	btf__add_typedef(btf, "f_t", 3);
	says(btf, "contains itself, with no name", "a function that takes itself");
	btf = types();
	s = btf__add_struct(btf, "s", 4);
	btf__add_field(btf, "s", s, 0, 0);
	says(btf, "contains itself", "a struct that has itself as member");
	btf = types();
	btf__add_typedef(btf, "t", 2);
	says(btf, "contains itself", "a typedef of itself");
}

static void test_sizes(void)
{
	struct btf *btf = types();
	int fwd = btf__add_fwd(btf, "f", BTF_FWD_STRUCT), s;

	type(btf, INT)->size = 0;
	says(btf, "type 1 is a number of 0 bytes", "a number without bytes");
	btf = types();
	btf__add_struct(btf, "s", 4);
	btf__add_field(btf, "far", INT, 40, 0);
	says(btf, "type 2 of 4 bytes has member 0 at bit 40", "a member outside");
	for (int i = 0; i < 4; i++) {
		btf = types();
		fwd = btf__add_fwd(btf, "f", BTF_FWD_STRUCT);
		s = btf__add_func_proto(btf, INT);
		btf__add_typedef(btf, "t", i == 0 ? 0 : i == 1 ? fwd : i == 2 ? s : INT);
		if (i == 3)
			btf__add_func(btf, "fn", BTF_FUNC_STATIC, s);
		s = btf__add_struct(btf, "s", 4);
		btf__add_field(btf, "m", s - 1, 0, 0);
		says(btf, "has member 0 that is no data", "a member of void, a forward, a prototype, a function");
	}
	btf = types();
	btf__add_struct(btf, "gap", 1 << 30);
	btf__add_field(btf, "m", INT, 0, 0);
	says(btf, "type 2 is nested too deeply or too large", "a gap of a gigabyte");
}

/* Each level mentions the one below twice: 2^n words for n types. */
static void test_growth(void)
{
	struct btf *btf = types();
	int last = INT, s;

	for (int i = 0; i < 40; i++) {
		s = btf__add_func_proto(btf, INT);
		btf__add_func_param(btf, "a", last);
		btf__add_func_param(btf, "b", last);
		last = btf__add_ptr(btf, s);
	}
	btf__add_typedef(btf, "t", last);
	says(btf, "too large", "functions of functions of functions");
	btf = types();
	for (int i = 0, below = INT; i < 40; i++) {
		char name[16];

		snprintf(name, sizeof(name), "s%d", i);
		s = btf__add_struct(btf, name, 8);
		btf__add_field(btf, "a", below, 0, 0);
		btf__add_field(btf, "b", below, 32, 0);
		below = s;
	}
	says(btf, "too large", "structs of structs of structs");
	btf = types();
	for (int i = 0, below = INT; i < 100; i++) {
		s = btf__add_struct(btf, i < 99 ? NULL : "s", 4);
		btf__add_field(btf, "m", below, 0, 0);
		below = s;
	}
	says(btf, "nested too deeply", "structs without a name, one in the other");
	btf = types();
	for (int i = 0, below = INT; i < 100000; i++)
		below = btf__add_ptr(btf, below);
	says(btf, "nested too deeply", "a pointer to a pointer to a pointer");
}

int main(void)
{
	libbpf_set_print(NULL);
	test_sound();
	test_loops();
	test_sizes();
	test_growth();
	return tap_done();
}
