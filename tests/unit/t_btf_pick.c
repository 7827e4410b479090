// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Types out of BTF: what comes along, what does not, and that all references lead where they led. */
#include <bpf/btf.h>
#include <errno.h>

#include "decode/btf/pick.h"
#include "tap.h"

/* struct node { struct node *next; struct big *big; int (*call)(int); const color_t c[3]; struct node2 {int a:3;} in; } */
static struct btf *make(int *ret_node)
{
	struct btf *b = btf__new_empty();
	int u = btf__add_int(b, "int", 4, BTF_INT_SIGNED), big, ptr_big, color, color_t, c, arr, proto, call, in;

	big = btf__add_struct(b, "big", 8);
	btf__add_field(b, "x", u, 0, 0);
	btf__add_field(b, "y", u, 32, 0);
	ptr_big = btf__add_ptr(b, big);
	color = btf__add_enum(b, "color", 4);
	btf__add_enum_value(b, "RED", 1);
	color_t = btf__add_typedef(b, "color_t", color);
	c = btf__add_const(b, color_t);
	arr = btf__add_array(b, u, c, 3);
	proto = btf__add_func_proto(b, u);
	btf__add_func_param(b, "p", u);
	call = btf__add_ptr(b, proto);
	in = btf__add_struct(b, "node2", 4);
	btf__add_field(b, "a", u, 0, 3);
	*ret_node = btf__add_struct(b, "node", 40);
	btf__add_field(b, "next", *ret_node + 1, 0, 0);
	btf__add_field(b, "big", ptr_big, 64, 0);
	btf__add_field(b, "call", call, 128, 0);
	btf__add_field(b, "c", arr, 192, 0);
	btf__add_field(b, "in", in, 288, 0);
	btf__add_ptr(b, *ret_node);
	btf__add_struct(b, "unused", 4);
	return b;
}

static void test_copy(void)
{
	int node;
	struct btf *b = make(&node), *picked = NULL;
	uint32_t ids[2] = { (uint32_t)node, (uint32_t)btf_type_by_name(b, "color_t") }, got[2] = {};
	const struct btf_type *t;
	const struct btf_member *m;

	ok(!btf_extract(b, ids, 2, &picked, got), "copied");
	t = btf__type_by_id(picked, got[0]);
	ok(t && btf_is_struct(t) && btf_vlen(t) == 5 && t->size == 40, "the structure");
	m = btf_members(t);
	is_str(btf__name_by_offset(picked, m[4].name_off), "in", "its members");
	is_int(btf__resolve_size(picked, m[3].type), 12, "an array of const typedefs of an enum");
	is_int(btf__resolve_size(picked, m[4].type), 4, "a structure in it");
	is_int(btf_member_bitfield_size(btf__type_by_id(picked, m[4].type), 0), 3, "with its bits");
	t = btf__type_by_id(picked, m[1].type);
	ok(btf_is_ptr(t) && btf_is_fwd(btf__type_by_id(picked, t->type)), "what is pointed to has no members");
	is_str(btf__name_by_offset(picked, btf__type_by_id(picked, t->type)->name_off), "big", "but its name");
	ok(btf__type_by_id(picked, m[2].type)->type == 0, "functions are left out");
	is_str(btf__name_by_offset(picked, btf__type_by_id(picked, got[1])->name_off), "color_t", "the other type");
	is_int(btf_type_by_name(picked, "struct unused"), -ENOENT, "nothing else");
	is_int(btf_type_by_name(picked, "struct big"), -ENOENT, "no structure behind a pointer");
	btf__free(picked);
	btf__free(b);
}

static void test_broken(void)
{
	struct btf *b = btf__new_empty(), *picked = NULL;
	uint32_t id, got = 0;

	btf__add_struct(b, "s", 4);
	btf__add_field(b, "x", 77, 0, 0);
	id = 1;
	is_int(btf_extract(b, &id, 1, &picked, &got), -EINVAL, "a reference to nowhere");
	ok(!picked, "gives nothing");
	id = 99;
	is_int(btf_extract(b, &id, 1, &picked, &got), -EINVAL, "a type that is not there");
	btf__free(b);
}

static void test_names(void)
{
	int node;
	struct btf *b = make(&node);

	is_int(btf_type_by_name(b, "struct node"), node, "struct node");
	is_int(btf_type_by_name(b, "node"), node, "without struct");
	is_int(btf_type_by_name(b, "union node"), -ENOENT, "no union");
	is_int(btf_type_by_name(b, "int"), 1, "int");
	ok(btf_type_by_name(b, "enum color") > 0 && btf_type_by_name(b, "color") == -ENOENT, "an enum says so");
	btf__free(b);
}

int main(void)
{
	test_copy();
	test_broken();
	test_names();
	return tap_done();
}
