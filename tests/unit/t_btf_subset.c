// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Types extracted from BTF for values: what is included, what is not, and that all references lead
 * to the same types.
 */

#include "cli/buf.h"
#include "decode/btf/abi.h"
#include "decode/btf/find.h"
#include "decode/btf/subset.h"
#include "image_of.h"

/* struct node { struct node *next; struct big *big; int (*call)(int); const color_t c[3]; struct
 * node2 {int a:3;} in; } */
static struct btf *make(int *ret_node)
{
	struct btf *b = btf__new_empty();
	int u = btf__add_int(b, "int", 4, BTF_INT_SIGNED), big, ptr_big, color, color_t, c, arr,
	    proto, call, in;

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

static struct btf *extract(const struct btf_image *img, const uint32_t *ids, size_t n,
			   uint32_t *got)
{
	struct btf_subset *set = NULL;
	struct buf b = {};
	struct err e = {};
	int err = btf_subset_new(&e, img, &set);
	struct btf *ret;

	for (size_t i = 0; !err && i < n; i++)
		err = btf_subset_keep(&e, set, ids[i], BTF_KEEP_VALUE);
	ok(!err && !btf_subset_write(&e, set, 0, &b), "copied");
	for (size_t i = 0; i < n; i++)
		got[i] = btf_subset_id(set, ids[i]);
	ret = btf__new(b.data, b.len);
	btf_subset_free(set);
	buf_free(&b);
	err_clear(&e);
	return ret;
}

static void test_copy(void)
{
	int node;
	struct btf *b = make(&node), *picked;
	const struct btf_image *img = image_of(b);
	uint32_t ids[2] = { (uint32_t)node, btf_type_by_name(img, "color_t") }, got[2] = {};
	const struct btf_type *t;
	const struct btf_member *m;

	picked = extract(img, ids, 2, got);
	t = btf__type_by_id(picked, got[0]);
	ok(t && btf_is_struct(t) && btf_vlen(t) == 5 && t->size == 40, "the structure");
	m = btf_members(t);
	is_str(btf__name_by_offset(picked, m[4].name_off), "in", "its members");
	is_int(btf__resolve_size(picked, m[3].type), 12, "an array of const typedefs of an enum");
	is_int(btf__resolve_size(picked, m[4].type), 4, "a structure in it");
	is_int(btf_member_bitfield_size(btf__type_by_id(picked, m[4].type), 0), 3, "with its bits");
	t = btf__type_by_id(picked, m[1].type);
	ok(btf_is_ptr(t) && btf_is_fwd(btf__type_by_id(picked, t->type)),
	   "what is pointed to has no members");
	is_str(btf__name_by_offset(picked, btf__type_by_id(picked, t->type)->name_off), "big",
	       "but its name");
	ok(btf__type_by_id(picked, m[2].type)->type == 0, "functions are left out");
	is_str(btf__name_by_offset(picked, btf__type_by_id(picked, got[1])->name_off), "color_t",
	       "the other type");
	ok(!btf_type_by_name(image_of(picked), "struct unused"), "nothing else");
	ok(!btf_type_by_name(image_of(picked), "struct big"), "no structure behind a pointer");
	btf__free(picked);
	btf__free(b);
}

/* struct holder { struct big __kptr *whole; const struct big2 *named; struct { int x; } *unnamed; }
 */
static void test_pointers(void)
{
	struct btf *b = btf__new_empty(), *picked;
	int u = btf__add_int(b, "int", 4, BTF_INT_SIGNED), big, tag, big2, unnamed, holder;
	uint32_t got = 0;

	big = btf__add_struct(b, "big", 4);
	btf__add_field(b, "x", u, 0, 0);
	tag = btf__add_type_tag(b, "kptr", big);
	big2 = btf__add_struct(b, "big2", 4);
	btf__add_field(b, "x", u, 0, 0);
	unnamed = btf__add_struct(b, NULL, 4);
	btf__add_field(b, "x", u, 0, 0);
	holder = btf__add_struct(b, "holder", 24);
	btf__add_field(b, "whole", holder + 1, 0, 0);
	btf__add_field(b, "named", holder + 2, 64, 0);
	btf__add_field(b, "unnamed", holder + 3, 128, 0);
	btf__add_ptr(b, tag);
	btf__add_ptr(b, holder + 4);
	btf__add_ptr(b, unnamed);
	btf__add_const(b, big2);
	picked = extract(image_of(b), (uint32_t[]){ (uint32_t)holder }, 1, &got);
	ok(btf__find_by_name_kind(picked, "big", BTF_KIND_STRUCT) > 0, "behind a tag all is there");
	ok(btf__find_by_name_kind(picked, "big2", BTF_KIND_FWD) > 0, "else the name");
	is_int(btf__type_cnt(picked) - 1, 10, "and what has no name");
	btf__free(picked);
	btf__free(b);
}

static void test_names(void)
{
	int node;
	struct btf *btf = make(&node);
	const struct btf_image *b = image_of(btf);

	is_int(btf_type_by_name(b, "struct node"), node, "struct node");
	is_int(btf_type_by_name(b, "node"), node, "without struct");
	ok(!btf_type_by_name(b, "union node"), "no union");
	is_int(btf_type_by_name(b, "int"), 1, "int");
	ok(btf_type_by_name(b, "enum color") > 0 && !btf_type_by_name(b, "color"),
	   "an enum says so");
	btf__free(btf);
}

int main(void)
{
	test_copy();
	test_pointers();
	test_names();
	return tap_done();
}
