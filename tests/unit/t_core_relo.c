// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * CO-RE relocations: invalid records, targets, malicious types, and the new BTF. Compared with
 * clang and bpftool in tests/live/min_core.t.
 */
#include <errno.h>

#include <linux/bpf.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/ext.h"
#include "decode/btf/raw.h"
#include "decode/btf/subset.h"
#include "decode/core/relo.h"
#include "decode/core/types.h"
#include "tap.h"

struct types {
	struct btf *btf;
	void *raw; /* a copy: libbpf drops its own when split BTF looks up names */
	struct btf_image img;
};

/* Takes ownership of the types. */
static void open_types(struct btf *btf, const struct btf_image *base, struct types *ret)
{
	struct err e = {};
	uint32_t len;
	const void *raw = btf__raw_data(btf, &len);
	int err;

	ret->btf = btf;
	ret->raw = malloc(len);
	memcpy(ret->raw, raw, len);
	err = btf_image_open_split(&e, ret->raw, len, base, &ret->img);
	if (err || btf_image_check(&e, &ret->img))
		ok(0, "types: %s", e.text);
}

static void close_types(struct types *t)
{
	btf_image_close(&t->img);
	free(t->raw);
	btf__free(t->btf);
}

static int find(const struct types *local, const struct types *target, struct btf_ext_relo r,
		struct core_match *m, struct err *e)
{
	struct core_target *t = NULL;
	struct core_finder *f = NULL;
	int err = core_target_new(e, &target->img, &t);

	err = err ?: core_finder_new(e, t, &local->img, &f);
	err = err ?: core_relo_find(e, f, &r, m);
	core_finder_free(f);
	core_target_free(t);
	return err;
}

/* The object: struct s { int a; struct { int b[4]; }; int end[]; }, an enum, a typedef of itself.
 */
enum { INT = 1, ARRAY, ANON, OPEN, S, ENUM, TYPEDEF, LOOP_A, LOOP_B, UNNAMED, PTR };

static struct btf *object(void)
{
	struct btf *btf = btf__new_empty();

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_array(btf, INT, INT, 4);
	btf__add_struct(btf, NULL, 16);
	btf__add_field(btf, "b", ARRAY, 0, 0);
	btf__add_array(btf, INT, INT, 0);
	btf__add_struct(btf, "s", 20);
	btf__add_field(btf, "a", INT, 0, 0);
	btf__add_field(btf, NULL, ANON, 32, 0);
	btf__add_field(btf, "end", OPEN, 160, 0);
	btf__add_enum(btf, "e", 4);
	btf__add_enum_value(btf, "ONE", 1);
	btf__add_typedef(btf, "s_t", S);
	btf__add_typedef(btf, "loop_a", LOOP_B);
	btf__add_typedef(btf, "loop_b", LOOP_A);
	btf__add_struct(btf, NULL, 4);
	btf__add_ptr(btf, S);
	return btf;
}

static const struct {
	uint32_t type, kind;
	const char *access, *want;	/* want: NULL, it is valid */
} records[] = {
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", NULL },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0", NULL },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "7:1:0:3", NULL },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:2:99", NULL },
	{ TYPEDEF, BPF_CORE_FIELD_EXISTS, "0:1:0", NULL },
	{ ENUM, BPF_CORE_ENUMVAL_VALUE, "0", NULL },
	{ S, BPF_CORE_TYPE_SIZE, "0", NULL },
	{ UNNAMED, BPF_CORE_TYPE_ID_LOCAL, "0", NULL },
	{ LOOP_A, BPF_CORE_TYPE_SIZE, "0", "it has no size in the object" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "", "'' is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, ":", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0::1", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:-1", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:0x1", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:1 ", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:99999999999999999999", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "4294967296:1", "is not an access string" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:3", "member 3 of 's', which has 3" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:0:0",
	  "type 1 is neither a struct, a union nor an array" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:1:0:4", "element 4 of an array of 4" },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:1:1", "member 1 of ''" },
	{ OPEN, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", "element 0 of an array of 0" },
	{ PTR, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", "type 11 is neither" },
	{ LOOP_A, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", "is neither a struct, a union nor an array" },
	{ 0, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", "no type 0" },
	{ 99, BPF_CORE_TYPE_EXISTS, "0", "no type 99" },
	{ S, BPF_CORE_TYPE_EXISTS, "0:0", "'0:0' is not the access string of a whole type" },
	{ S, BPF_CORE_TYPE_EXISTS, "1", "is not the access string of a whole type" },
	{ S, BPF_CORE_ENUMVAL_EXISTS, "0", "an enumerator of a type that is not an enum" },
	{ ENUM, BPF_CORE_ENUMVAL_EXISTS, "1", "enumerator 1 of 1" },
	{ ENUM, BPF_CORE_ENUMVAL_EXISTS, "0:0", "enumerator 0 of 1" },
	{ S, BPF_CORE_TYPE_MATCHES + 1, "0", "unknown kind 13" },
	{ S, UINT32_MAX, "0", "unknown kind 4294967295" },
	{ UNNAMED, BPF_CORE_TYPE_EXISTS, "0", "anonymous types cannot be matched" },
	{ PTR, BPF_CORE_TYPE_EXISTS, "0", "anonymous types cannot be matched" },
};

/* An object finds everything in itself. */
static void test_records(void)
{
	struct types t;

	open_types(object(), NULL, &t);
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		struct btf_ext_relo r = { 0, records[i].type, records[i].kind, records[i].access };
		const char *want = records[i].want;
		struct core_match m;
		struct err e = {};
		int err = find(&t, &t, r, &m, &e);

		ok(want ? err < 0 && strstr(e.text, want) : err == 1, "%s of %u, kind %u: %s",
		   r.access, r.type_id, r.kind, want ?: "found");
		if (want ? !strstr(e.text, want) : err != 1)
			printf("# %d '%s'\n", err, e.text);
		err_clear(&e);
	}
	close_types(&t);
}

static void test_long_access(void)
{
	struct core_match m;
	struct types t;
	struct err e = {};
	char text[200] = "0";

	for (int i = 0; i < 64; i++)
		strcat(text, ":0");
	open_types(object(), NULL, &t);
	ok(find(&t, &t, (struct btf_ext_relo){ 0, S, 0, text }, &m, &e) == -E2BIG,
	   "a path of 65 steps");
	close_types(&t);
	err_clear(&e);
}

/*
 * The kernel: a moved member, b in an anonymous union in an anonymous struct, a bit-field, another
 * flavor.
 */
enum { T_INT = 1, T_ARRAY, T_UNION, T_ANON, T_S, T_ENUM, T_CHAR, T_FUNC_TYPE };

static struct btf *kernel(void)
{
	struct btf *btf = btf__new_empty();

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_array(btf, T_INT, T_INT, 8);
	btf__add_union(btf, NULL, 32);
	btf__add_field(btf, "c", T_INT, 0, 0);
	btf__add_field(btf, "b", T_ARRAY, 0, 0);
	btf__add_struct(btf, NULL, 40);
	btf__add_field(btf, "x", T_INT, 0, 0);
	btf__add_field(btf, NULL, T_UNION, 64, 0);
	btf__add_struct(btf, "s___v2", 64);
	btf__add_field(btf, "first", T_INT, 0, 0);
	btf__add_field(btf, NULL, T_ANON, 64, 0);
	btf__add_field(btf, "a", T_INT, 389, 7);
	btf__add_enum(btf, "e", 4);
	btf__add_enum_value(btf, "ZERO", 0);
	btf__add_enum_value(btf, "ONE___v2", 11);
	btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	return btf;
}

static const struct {
	uint32_t type, kind;
	const char *access;
	uint64_t value;
	uint32_t n;
	struct core_member members[3];
} finds[] = {
	{ S,
	  BPF_CORE_FIELD_BYTE_OFFSET,
	  "0:1:0:3",
	  28,
	  3,
	  { { T_S, 1 }, { T_ANON, 1 }, { T_UNION, 1 } } },
	{ S,
	  BPF_CORE_FIELD_BYTE_SIZE,
	  "0:1:0",
	  32,
	  3,
	  { { T_S, 1 }, { T_ANON, 1 }, { T_UNION, 1 } } },
	{ S,
	  BPF_CORE_FIELD_BYTE_OFFSET,
	  "2:1:0:3",
	  28 + 2 * 64,
	  3,
	  { { T_S, 1 }, { T_ANON, 1 }, { T_UNION, 1 } } },
	{ S, BPF_CORE_FIELD_BYTE_OFFSET, "0:0", 48, 1, { { T_S, 2 } } },
	{ S, BPF_CORE_FIELD_BYTE_SIZE, "0:0", 4, 1, { { T_S, 2 } } },
	{ S, BPF_CORE_FIELD_SIGNED, "0:0", 1, 1, { { T_S, 2 } } },
	{ S, BPF_CORE_FIELD_RSHIFT_U64, "0:0", 57, 1, { { T_S, 2 } } },
	{ S, BPF_CORE_FIELD_EXISTS, "0:0", 1, 1, { { T_S, 2 } } },
	{ S, BPF_CORE_TYPE_SIZE, "0", 64, 0, {} },
	{ S, BPF_CORE_TYPE_ID_TARGET, "0", T_S, 0, {} },
	{ ENUM, BPF_CORE_ENUMVAL_VALUE, "0", 11, 0, {} },
};

static void test_found(void)
{
	struct types o, k;

	open_types(object(), NULL, &o);
	open_types(kernel(), NULL, &k);
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		struct btf_ext_relo r = { 0, finds[i].type, finds[i].kind, finds[i].access };
		struct core_match m = {};
		struct err e = {};

		is_int(find(&o, &k, r, &m, &e), 1, btf_ext_relo_name(r.kind));
		is_int(m.value, finds[i].value, "its value");
		is_int(m.n_members, finds[i].n, "members on the way");
		ok(!memcmp(m.members, finds[i].members, finds[i].n * sizeof(m.members[0])),
		   "the right ones");
		err_clear(&e);
	}
	for (size_t i = 0; i < 2; i++) {
		struct btf_ext_relo r = { 0, i ? TYPEDEF : S, BPF_CORE_FIELD_EXISTS,
					  i ? "0:0" : "0:2" };
		struct core_match m;
		struct err e = {};

		is_int(find(&o, &k, r, &m, &e), 0,
		       i ? "a typedef that is not there" : "a member that is not there");
	}
	close_types(&k);
	close_types(&o);
}

/* The first n members' names are tried in order; with two types of one name. */
static void test_ambiguous(void)
{
	struct btf *btf = btf__new_empty();
	struct btf_ext_relo r = { 0, S, BPF_CORE_FIELD_BYTE_OFFSET, "0:0" };
	struct core_match m;
	struct types o, k;
	struct err e = {};

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(btf, "s", 4);
	btf__add_field(btf, "a", 1, 0, 0);
	btf__add_struct(btf, "s___x", 8);
	btf__add_field(btf, "a", 1, 32, 0);
	open_types(object(), NULL, &o);
	open_types(btf, NULL, &k);
	is_int(find(&o, &k, r, &m, &e), -EINVAL, "two places");
	ok(strstr(e.text,
		  "ambiguous: at bit 0 of 's' (kernel type 2), at bit 32 of 's___x' (type 3)") !=
		   NULL,
	   "are named");
	err_clear(&e);
	r.kind = BPF_CORE_TYPE_EXISTS;
	r.access = "0";
	is_int(find(&o, &k, r, &m, &e), 1, "two of a kind agree that they exist");
	is_int(m.type, 2, "the first is taken");
	close_types(&k);
	close_types(&o);
}

/* The kept part of split BTF needs no base: struct mod and the kernel's int. */
static void merge_member(const struct types *module, struct core_member member)
{
	struct btf_subset *s = NULL;
	struct btf *btf = NULL;
	struct err e = {};
	struct buf b = {};

	ok(!btf_subset_new(&e, &module->img, &s) &&
		   !btf_subset_keep_member(&e, s, member.type, member.index) &&
		   !btf_subset_write(&e, s, 0, &b),
	   "a member of the module's is kept");
	btf = btf__new(b.data, b.len);
	is_int(btf ? btf__type_cnt(btf) : 0, 3, "two types");
	is_int(btf__find_by_name_kind(btf, "int", BTF_KIND_INT), 1, "the kernel's");
	is_int(btf__find_by_name_kind(btf, "mod", BTF_KIND_STRUCT), 2, "and the module's");
	is_int(btf_members(btf__type_by_id(btf, 2))->type, 1, "refer to each other");
	btf__free(btf);
	buf_free(&b);
	btf_subset_free(s);
}

/* A module's types are used for names that the kernel has no type for. */
static void test_split(void)
{
	struct btf *base = kernel(), *split;
	struct btf_ext_relo r = { 0, 2, BPF_CORE_FIELD_BYTE_OFFSET, "0:0" };
	struct core_match m;
	struct types o, k, module;
	struct err e = {};
	uint32_t first = btf__type_cnt(base);

	open_types(base, NULL, &k);
	split = btf__new_empty_split(base);
	btf__add_struct(split, "s", 4);
	btf__add_field(split, "module_only", T_INT, 0, 0);
	btf__add_struct(split, "mod", 16);
	btf__add_field(split, "module_only", T_INT, 64, 0);
	open_types(split, &k.img, &module);

	base = btf__new_empty();
	btf__add_int(base, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(base, "mod", 4);
	btf__add_field(base, "module_only", 1, 0, 0);
	btf__add_struct(base, "s", 4);
	btf__add_field(base, "module_only", 1, 0, 0);
	open_types(base, NULL, &o);
	is_int(find(&o, &module, r, &m, &e), 1, "a type of the module's");
	is_int(m.type, first + 1, "is it");
	is_int(m.value, 8, "at its place");
	merge_member(&module, m.members[0]);
	r.type_id = 3;
	is_int(find(&o, &module, r, &m, &e), 0, "the kernel's own name hides the module's");
	close_types(&o);
	close_types(&module);
	close_types(&k);
}

/* struct l0 { struct l1 x0, x1; }; struct l1 { struct l2 ... }, anonymous or not: 2^50 paths. */
static struct btf *maze(bool anonymous)
{
	struct btf *btf = btf__new_empty();
	char name[16];

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(btf, "s", 4);
	btf__add_field(btf, anonymous ? NULL : "x0", 3, 0, 0);
	btf__add_field(btf, anonymous ? NULL : "x1", 3, 0, 0);
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		btf__add_struct(btf, anonymous ? NULL : name, 4);
		btf__add_field(btf, anonymous ? NULL : "x0", i + 4, 0, 0);
		btf__add_field(btf, anonymous ? NULL : "x1", i + 4, 0, 0);
	}
	btf__add_struct(btf, anonymous ? NULL : "last", 4);
	btf__add_field(btf, "z", 1, 0, 0);
	return btf;
}

static void test_entangled(void)
{
	struct types o, k;
	struct core_match m;
	struct err e = {};
	struct btf_ext_relo r = { 0, S, BPF_CORE_FIELD_BYTE_OFFSET, "0:0" };

	open_types(object(), NULL, &o);
	open_types(maze(true), NULL, &k);
	is_int(find(&o, &k, r, &m, &e), -E2BIG, "a member sought in 2^50 anonymous structs");
	ok(strstr(e.text, "complex") != NULL, "we give up and say so");
	err_clear(&e);
	close_types(&k);
	close_types(&o);
	open_types(maze(false), NULL, &o);
	open_types(maze(false), NULL, &k);
	r = (struct btf_ext_relo){ 0, 2, BPF_CORE_TYPE_MATCHES, "0" };
	ok(find(&o, &k, r, &m, &e) <= 0, "2^50 members compared");
	err_clear(&e);
	close_types(&k);
	close_types(&o);
}

/* Types that contain themselves. libbpf would not build them: ids are changed afterwards. */
static struct btf *cycles(void)
{
	struct btf *btf = btf__new_empty();

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(btf, "s", 4);
	btf__add_field(btf, NULL, 2, 0, 0);
	btf__add_array(btf, 1, 3, 2);
	btf__add_typedef(btf, "loop_a", 5);
	btf__add_const(btf, 4);
	btf__add_ptr(btf, 6);
	btf__add_typedef(btf, "arr", 3);
	btf__add_typedef(btf, "p", 6);
	btf__add_struct(btf, "m", 4);
	btf__add_field(btf, "a", 9, 0, 0);
	return btf;
}

static void test_cycles(void)
{
	static const struct {
		uint32_t type, kind;
		const char *access;
		int want;
	} c[] = {
		{ 2, BPF_CORE_TYPE_EXISTS, "0", 1 },
		{ 2, BPF_CORE_TYPE_MATCHES, "0", 0 },
		{ 2, BPF_CORE_FIELD_BYTE_OFFSET, "0:0:0:0", 1 },
		{ 4, BPF_CORE_TYPE_EXISTS, "0", 1 },	/* 12: void, as far as is known */
		{ 7, BPF_CORE_TYPE_EXISTS, "0", 0 },
		{ 7, BPF_CORE_TYPE_SIZE, "0", -EINVAL },
		{ 8, BPF_CORE_TYPE_EXISTS, "0", 0 },
		{ 8, BPF_CORE_TYPE_MATCHES, "0", 0 },
		{ 9, BPF_CORE_TYPE_MATCHES, "0", 0 },
	};
	struct types t;

	open_types(cycles(), NULL, &t);
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		struct btf_ext_relo r = { 0, c[i].type, c[i].kind, c[i].access };
		struct core_match m;
		struct err e = {};

		is_int(find(&t, &t, r, &m, &e), c[i].want, btf_ext_relo_name(r.kind));
		err_clear(&e);
	}
	for (uint32_t id = 1; id < btf__type_cnt(t.btf); id++) {
		struct btf_subset *s = NULL;
		struct buf b = {};
		struct err e = {};

		ok(!btf_subset_new(&e, &t.img, &s) &&
			   !btf_subset_keep(&e, s, id, BTF_KEEP_CONTENT) &&
			   !btf_subset_keep(&e, s, id, BTF_KEEP_REACHED) &&
			   !btf_subset_write(&e, s, 0, &b) && b.len,
		   "and so does keeping type %u", id);
		buf_free(&b);
		btf_subset_free(s);
	}
	close_types(&t);
}

/* --- the new BTF --- */

static void raw_line(const struct btf *btf, uint32_t id, char *text, size_t size)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	int n = snprintf(text, size, "%d %s %u", btf_kind(t), btf__name_by_offset(btf, t->name_off),
			 t->size);

	for (int i = 0; btf_is_composite(t) && i < btf_vlen(t); i++)
		n += snprintf(text + n, size - n, " %s:%u@%u/%u",
			      btf__name_by_offset(btf, btf_members(t)[i].name_off),
			      btf_members(t)[i].type, btf_member_bit_offset(t, i),
			      btf_member_bitfield_size(t, i));
}

static void test_subset(void)
{
	static const char *const want[] = {
		NULL, "1 int 4", "3  0", "5  32 b:2@0/0", "4  40 :3@64/0",
		"4 s___v2 64 :4@64/0 a:1@389/7", "6 e 4",
	};
	struct btf_subset *s = NULL;
	struct err e = {};
	struct buf b = {};
	struct types k;
	struct btf *btf;

	open_types(kernel(), NULL, &k);
	ok(!btf_subset_new(&e, &k.img, &s), "a subset");
	for (int i = 0; i < 300; i++)
		btf_subset_keep_member(&e, s, T_S, 2);
	btf_subset_keep_member(&e, s, T_UNION, 1);
	btf_subset_keep_member(&e, s, T_S, 1);
	btf_subset_keep_member(&e, s, T_ANON, 1);
	btf_subset_keep(&e, s, T_ENUM, BTF_KEEP_CONTENT);
	btf_subset_keep(&e, s, 0, BTF_KEEP_CONTENT);
	ok(!btf_subset_write(&e, s, 0, &b), "is written");
	btf = btf__new(b.data, b.len);
	ok(btf && btf__type_cnt(btf) == ARRAY_SIZE(want), "libbpf reads %zu types",
	   ARRAY_SIZE(want) - 1);
	for (uint32_t id = 1; id < ARRAY_SIZE(want) && btf; id++) {
		char text[256];

		raw_line(btf, id, text, sizeof(text));
		is_str(text, want[id], "a type");
	}
	is_int(btf_enum(btf__type_by_id(btf, 6))[1].val, 11, "enumerators with it");
	btf__free(btf);
	buf_free(&b);
	btf_subset_free(s);
	close_types(&k);
}

static void test_no_data(void)
{
	struct btf *btf = object();
	struct btf_subset *s = NULL;
	struct err e = {};
	struct types t;
	int func;

	btf__add_func_proto(btf, INT);
	func = btf__add_func(btf, "f", BTF_FUNC_STATIC, PTR + 1);
	btf__add_typedef(btf, "odd", func);
	open_types(btf, NULL, &t);
	ok(!btf_subset_new(&e, &t.img, &s), "types with a typedef of a function's code");
	is_int(btf_subset_keep(&e, s, func + 1, BTF_KEEP_SHELL), -EINVAL, "cannot be kept");
	ok(strstr(e.text, "BTF type 13 is used as a type of data") != NULL, "is named");
	err_clear(&e);
	btf_subset_free(s);
	close_types(&t);
}

static void test_essence(void)
{
	static const struct {
		const char *name;
		size_t len;
	} names[] = {
		{ "", 0 },	 { "s", 1 },
		{ "s___v", 1 },	 { "s___v___w", 5 },
		{ "s____v", 6 }, { "s___", 4 },
		{ "___v", 4 },	 { "s__v", 4 },
		{ "s___v_", 1 }, { "task_struct___old", 11 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		is_int(core_essence_len(names[i].name), names[i].len, names[i].name);
}

int main(void)
{
	test_essence();
	test_records();
	test_long_access();
	test_found();
	test_ambiguous();
	test_split();
	test_entangled();
	test_cycles();
	test_subset();
	test_no_data();
	return tap_done();
}
