// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The inverse: random types of every kind with random bytes are printed and parsed, which must give
 * the same bytes whenever btf_plan_is_exact() promises it; and never anything but a clean error for
 * corrupted JSON.
 */
#include <bpf/libbpf.h>
#include <errno.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/parse.h"
#include "decode/btf/value.h"
#include "image_of.h"
#include "tap.h"

#define ROUNDS 300
#define VALUES 8

static uint64_t seed = 88172645463325252ULL;

static uint32_t any(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % n;
}

static int add_enum(struct btf *btf, bool is_signed)
{
	int id = btf__add_enum(btf, "bits", 4);

	btf__add_enum_value(btf, "NONE", 0);
	btf__add_enum_value(btf, "ALL", is_signed ? -1 : 1);
	btf__add_enum_value(btf, "FAR", 1 << 20);
	return id;
}

static int add_scalar(struct btf *btf)
{
	static const struct { const char *name; size_t size; int encoding;
	} ints[] = {
		{ "u8", 1, 0 },
		{ "s8", 1, BTF_INT_SIGNED },
		{ "u16", 2, 0 },
		{ "s16", 2, BTF_INT_SIGNED },
		{ "u32", 4, 0 },
		{ "s32", 4, BTF_INT_SIGNED },
		{ "u64", 8, 0 },
		{ "s64", 8, BTF_INT_SIGNED },
		{ "u128", 16, 0 },
		{ "s128", 16, BTF_INT_SIGNED },
		{ "_Bool", 1, BTF_INT_BOOL },
		{ "chr", 1, BTF_INT_CHAR },
	};
	uint32_t i = any(ARRAY_SIZE(ints) + 5);
	int id;

	if (i < ARRAY_SIZE(ints))
		return btf__add_int(btf, ints[i].name, ints[i].size, ints[i].encoding);
	switch (i - ARRAY_SIZE(ints)) {
	case 0:
		return btf__add_ptr(btf, 0);
	case 1:
		return btf__add_float(btf, "float", any(2) ? 4 : 8);
	case 2:
		id = btf__add_enum(btf, "e", 1U << any(4));
		btf__add_enum_value(btf, "ONE", 1);
		btf__add_enum_value(btf, "MINUS", -1);
		return id;
	case 3:
		id = btf__add_enum64(btf, "e64", 8, any(2));
		btf__add_enum64_value(btf, "BIG", 1ULL << 63);
		return id;
	default:
		return btf__add_typedef(btf, "__be32", btf__add_int(btf, "u32", 4, 0));
	}
}

static int add_type(struct btf *btf, int depth);

static int add_struct(struct btf *btf, int depth)
{
	bool is_union = !any(4);
	uint32_t n = 1 + any(5), i, off = 0, size = 0;
	int members[5], id;
	int32_t sizes[5];
	uint8_t bits[5];

	for (i = 0; i < n; i++) {
		bits[i] = 0;
		if (!any(3)) {
			members[i] =
				any(3) ? btf__add_int(btf, "int", 4, any(2) ? BTF_INT_SIGNED : 0)
				       : add_enum(btf, any(2));
			bits[i] = (uint8_t)(1 + any(31));
			sizes[i] = 4;
		} else {
			members[i] = add_type(btf, depth - 1);
			sizes[i] = (int32_t)btf__resolve_size(btf, (uint32_t)members[i]);
		}
		size = is_union ? ((uint32_t)sizes[i] > size ? (uint32_t)sizes[i] : size) :
				  size + (uint32_t)sizes[i] + any(2);
		bits[i] = sizes[i] < 0 ? 0 : bits[i];
	}
	size += 8;
	id = is_union ? btf__add_union(btf, "u", size) : btf__add_struct(btf, "s", size);
	for (i = 0; i < n; i++) {
		char name[8] = "";

		if (any(12))
			snprintf(name, sizeof(name), "m%u", i);
		btf__add_field(btf, name, members[i],
			       is_union ? 0 : off * 8 + (bits[i] ? any(32 - bits[i]) : 0), bits[i]);
		off += (uint32_t)sizes[i];
	}
	return id;
}

static int add_type(struct btf *btf, int depth)
{
	int elem;

	switch (depth > 0 ? any(4) : 3) {
	case 0:
		elem = any(3) ? add_type(btf, depth - 1)
			      : btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
		return btf__add_array(btf, elem, elem, any(5));
	case 1:
	case 2:
		return add_struct(btf, depth);
	default:
		return add_scalar(btf);
	}
}

static void fill(uint8_t *data, size_t len)
{
	uint32_t how = any(4);
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = how == 0 ? (uint8_t)any(256) : how == 1 ? (uint8_t)(any(2) * 255) :
			  how == 2 ? (uint8_t)(any(2) * (32 + any(95))) : 0;
}

struct counts { unsigned int exact, inexact, failed, wrong, crashed; };

/*
 * One byte of the text is changed: an error or a value, nothing else (checked by the sanitizers).
 */
static void parse_damaged(const struct btf_target *t, struct buf *b)
{
	struct err e = {};

	if (!b->len)
		return;
	b->data[any((uint32_t)b->len)] = (char)(32 + any(95));
	btf_parse_json(&e, t, b->data, b->len);
	err_clear(&e);
}

static void try_value(const struct btf_plan *p, size_t len, struct counts *c)
{
	uint8_t *data = malloc(len + 1), *back = calloc(1, len + 1), *scratch = malloc(len + 1);
	struct btf_target t = { .plan = p, .what = "value", .data = back };
	struct buf b = {};
	struct err e = {};

	fill(data, len);
	/* What the copy without text preserves can be printed without loss. */
	if (any(2) && !btf_plan_is_exact(p, data, scratch, len))
		memcpy(data, scratch, len);
	btf_plan_compose(&b, p, data);
	if (btf_parse_json(&e, &t, b.data, b.len)) {
		if (btf_plan_is_exact(p, data, scratch, len)) {
			c->failed++;
			printf("# %.*s: %s\n", (int)b.len, b.data, e.text);
		}
	} else if (!btf_plan_is_exact(p, data, scratch, len)) {
		c->inexact++;
	} else {
		c->exact++;
		if (memcmp(data, back, len)) {
			c->wrong++;
			printf("# %.*s: other bytes\n", (int)b.len, b.data);
		}
	}
	parse_damaged(&t, &b);
	buf_free(&b);
	err_clear(&e);
	free(data);
	free(back);
	free(scratch);
}

static void test_random(void)
{
	struct counts c = {};
	unsigned int i, k;

	for (i = 0; i < ROUNDS; i++) {
		struct btf *btf = btf__new_empty();
		int id = add_type(btf, 4);
		struct btf_plan *p = NULL;
		int64_t len = btf__resolve_size(btf, (uint32_t)id);

		if (len >= 0 && !btf_plan_new(image_of(btf), (uint32_t)id, (size_t)len, &p)) {
			for (k = 0; k < VALUES; k++)
				try_value(p, (size_t)len, &c);
			btf_plan_free(p);
		}
		btf__free(btf);
	}
	printf("# %u exact, %u not\n", c.exact, c.inexact);
	is_int(c.failed, 0, "what is printed is parsed where that is promised");
	is_int(c.wrong, 0, "and gives the same bytes where that is promised");
	ok(c.exact > ROUNDS * VALUES / 4, "which is often");
}

static void test_net(void)
{
	struct btf *btf = btf__new_empty();
	int u16 = btf__add_int(btf, "u16", 2, 0), be16 = btf__add_typedef(btf, "__be16", u16);
	struct btf_plan *p = NULL;
	uint8_t data[2] = {};
	struct btf_target t = { .what = "port", .data = data };
	struct err e = {};

	is_int(btf_plan_new(image_of(btf), (uint32_t)be16, 2, &p), 0, "__be16");
	t.plan = p;
	is_int(btf_parse_json(&e, &t, "443", 3), 0, "as dumps say");
	is_int(*(uint16_t *)(void *)data, 443, "is memory");
	t.flags = BTF_PARSE_NET;
	is_int(btf_parse_json(&e, &t, "443", 3), 0, "as people say");
	ok(data[0] == 1 && data[1] == 0xbb, "is a port");
	btf_plan_free(p);
	btf__free(btf);
}

static void is_exact(const struct btf *btf, int id, bool want, const char *what)
{
	uint8_t data[8] = { 1 }, scratch[8];
	struct btf_plan *p = NULL;

	if (is_int(btf_plan_new(image_of(btf), (uint32_t)id, sizeof(data), &p), 0, what))
		is_int(btf_plan_is_exact(p, data, scratch, sizeof(data)), want, what);
	btf_plan_free(p);
}

static int two_members(struct btf *btf, const char *first, const char *second)
{
	int i32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED), id = btf__add_struct(btf, "s", 8);

	btf__add_field(btf, first, i32, 0, 0);
	btf__add_field(btf, second, i32, 32, 0);
	return id;
}

static int two_values(struct btf *btf, const char *first, const char *second)
{
	int id = btf__add_enum(btf, "e", 8);

	btf__add_enum_value(btf, first, 1);
	btf__add_enum_value(btf, second, 2);
	return id;
}

/* Found by fuzzing: such names cannot be converted back to the value. */
static void test_names(void)
{
	struct btf *btf = btf__new_empty();

	is_exact(btf, two_members(btf, "a", "b"), true, "members with names");
	is_exact(btf, two_members(btf, "a", "a"), false, "two members of one name");
	is_exact(btf, two_members(btf, "a", "\xf3"), false, "a member whose name is no UTF-8");
	is_exact(btf, two_values(btf, "A", "B"), true, "enumerators");
	is_exact(btf, two_values(btf, "A", "A"), false, "two enumerators of one name");
	is_exact(btf, two_values(btf, "\x8d", "B"), false, "an enumerator whose name is no UTF-8");
	btf__free(btf);
}

int main(void)
{
	libbpf_set_print(NULL);
	test_net();
	test_names();
	test_random();
	return tap_done();
}
