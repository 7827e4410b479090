// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * BTF of kernels to come: kinds without a meaning here are skipped with the help of the layout
 * section and shown as such; everything around them is as usual. In both byte orders.
 */
#include <errno.h>
#include <limits.h>

#include "cli/buf.h"
#include "decode/btf/c.h"
#include "decode/btf/find.h"
#include "decode/btf/layout.h"
#include "decode/btf/merge.h"
#include "decode/btf/order.h"
#include "decode/btf/plain.h"
#include "decode/btf/raw.h"
#include "decode/btf/spell.h"
#include "decode/btf/subset.h"
#include "decode/btf/text.h"
#include "decode/btf/value.h"
#include "btf_image.h"
#include "btf_new.h"

#define INFO(kind, vlen) ((uint32_t)(kind) << 24 | (vlen))
#define NATIVE (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

enum { MYSTERY = 3, LATER = 9, INT = 1 };

static struct new_btf b;

static void begin(bool is_big)
{
	b = (struct new_btf){ .is_big = is_big };
}

/* Kind 20 has 4 bytes and 8 for each item; 36 is STRUCT to who looks at 5 bits; 127 is the last. */
static void add_layouts(void)
{
	new_layout(&b, 20, 4, 8);
	new_layout(&b, 36, 0, 0);
	new_layout(&b, 127, 0, 4);
}

static void add_types(void)
{
	new_type(&b, "int", INFO(BTF_KIND_INT, 0), 4, 1, 1u << 24 | 32);		/* 1 */
	new_type(&b, "", INFO(BTF_KIND_PTR, 0), MYSTERY, 0);				/* 2 */
	new_type(&b, "mystery", INFO(20, 2), 99, 5, 1, 2, 3, 4, 5);			/* 3 */
	new_type(&b, "s", INFO(BTF_KIND_STRUCT, 4), 24, 12,				/* 4 */
		 new_str(&b, "p"), 2, 0, new_str(&b, "m"), MYSTERY, 64,
		 new_str(&b, "i"), INT, 96, new_str(&b, "a"), 5, 128);
	new_type(&b, "", INFO(BTF_KIND_ARRAY, 0), 0, 3, 6, INT, 2);			/* 5 */
	new_type(&b, "m_t", INFO(BTF_KIND_TYPEDEF, 0), MYSTERY, 0);			/* 6 */
	new_type(&b, "", INFO(BTF_KIND_FUNC_PROTO, 2), INT, 4, 0, INT, 0, MYSTERY);	/* 7 */
	new_type(&b, "fn_t", INFO(BTF_KIND_TYPEDEF, 0), 8, 0);				/* 8 */
	new_type(&b, "later", INFO(127, 3), 0, 3, 7, 8, 9);				/* 9 */
	new_type(&b, "s", INFO(36, 0xffffff), 8, 0);					/* 10 */
	new_type(&b, "f", INFO(BTF_KIND_FUNC, 1), 7, 0);				/* 11 */
}

/* Of b; close() frees the bytes. */
static bool open_new(const struct btf_image *base, struct btf_image *ret, void **ret_bytes)
{
	size_t len;
	void *data = new_bytes(&b, &len);

	err_clear(&err);
	*ret_bytes = data;
	if (btf_image_is_foreign(data, len) != (b.is_big != NATIVE))
		ok(0, "the byte order is seen");
	if (btf_image_is_foreign(data, len))
		btf_image_turn(data, len);
	return !btf_image_open_split(&err, data, len, base, ret) && !btf_image_check(&err, ret);
}

static void close_new(struct btf_image *img, void *bytes)
{
	btf_image_close(img);
	free(bytes);
}

static int write_raw(struct out *o, void *img)
{
	btf_raw_dump(o, img, NULL, 0, 0);
	return 0;
}

static int write_pretty(struct out *o, void *img)
{
	btf_raw_dump(o, img, NULL, 0, BTF_RAW_PRETTY);
	return 0;
}

static int write_c(struct out *o, void *img)
{
	const struct btf_c c = { .img = img, .unsorted = true };

	return btf_c_dump(&err, o, &c);
}

static int write_layout(struct out *o, void *img)
{
	size_t n;
	auto_free uint32_t *all = btf_order(img, 1, true, &n);

	return btf_layout_dump(&err, o, img, all, n);
}

static void is_written(int (*write)(struct out *, void *), enum out_mode mode,
		       struct btf_image *img, const char *want)
{
	auto_free char *text = written(write, img, mode);

	ok(text && strstr(text, want), "contains %s", want);
	if (!text || !strstr(text, want))
		printf("# %s\n", text ? text : err.text);
}

static const char raw_text[] = "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n"
			       "[2] PTR '(anon)' type_id=3\n"
			       "[3] UNKNOWN 'mystery' kind_number=20 size=32\n"
			       "[4] STRUCT 's' size=24 vlen=4\n"
			       "\t'p' type_id=2 bits_offset=0\n"
			       "\t'm' type_id=3 bits_offset=64\n"
			       "\t'i' type_id=1 bits_offset=96\n"
			       "\t'a' type_id=5 bits_offset=128\n"
			       "[5] ARRAY '(anon)' type_id=6 index_type_id=1 nr_elems=2\n"
			       "[6] TYPEDEF 'm_t' type_id=3\n"
			       "[7] FUNC_PROTO '(anon)' ret_type_id=1 vlen=2\n"
			       "\t'(anon)' type_id=1\n"
			       "\t'(anon)' type_id=3\n"
			       "[8] TYPEDEF 'fn_t' type_id=8\n"
			       "[9] UNKNOWN 'later' kind_number=127 size=24\n"
			       "[10] UNKNOWN 's' kind_number=36 size=12\n"
			       "[11] FUNC 'f' type_id=7 linkage=global\n";

static void test_raw(struct btf_image *img)
{
	auto_free char *text = written(write_raw, img, OUT_TEXT);

	is_str(text, raw_text, "all types, raw");
	is_written(write_raw, OUT_JSON, img,
		   "{\"id\":3,\"kind\":\"UNKNOWN\",\"name\":\"mystery\",\"kind_number\":20,"
		   "\"size\":32},");
	is_written(write_pretty, OUT_PRETTY, img,
		   "\"name\": \"later\",\n            \"kind_number\": 127,\n            "
		   "\"size\": 24\n");
}

static void test_c(struct btf_image *img)
{
	is_written(write_c, OUT_TEXT, img, "/* BTF type 3: UNKNOWN 'mystery': kind 20, 32 bytes */\n");
	is_written(write_c, OUT_TEXT, img,
		   "struct s {\n\t/* UNKNOWN 'mystery': kind 20, 32 bytes */ void *p;\n"
		   "\t/* the UNKNOWN m of BTF type 3 */\n\tint: 32;\n\tint i;\n"
		   "\t/* the UNKNOWN a of BTF type 5 */\n\tlong: 64;\n};\n");
	is_written(write_c, OUT_TEXT, img,
		   "typedef /* UNKNOWN 'mystery': kind 20, 32 bytes */ void m_t;\n");
	is_written(write_layout, OUT_TEXT, img, "/* UNKNOWN 'later': kind 127, 24 bytes */\n");
	is_written(write_layout, OUT_JSON, img,
		   "{\"id\":10,\"kind\":\"UNKNOWN\",\"name\":\"s\",\"kind_number\":36}");
}

static void test_words(const struct btf_image *img)
{
	char text[BTF_PROTO_MAX], spelled[BTF_SPELL_MAX];
	struct btf_plan *plan = NULL;
	struct btf_ids ids = {};

	is_int(btf_proto_text(img, 11, text), 0, "a function with such a parameter");
	is_str(text, "int f(int, UNKNOWN mystery)", "has it in its text");
	is_int(btf_spell_decl(img, 2, "p", spelled), 0, "a pointer to it");
	is_str(spelled, "/* UNKNOWN 'mystery': kind 20, 32 bytes */ void *p", "is spelled");
	is_int(btf_type_by_name(img, "struct s"), 4, "a name of a known kind is found");
	is_int(btf_find_by_name(&err, img, "s", &ids), 0, "and by name alone");
	is_int((long long)ids.n, 1, "the other kind of that name is none that is asked for");
	is_int(btf_plan_new(img, 4, 24, &plan), 0, "a value with it can be printed");
	btf_plan_free(plan);
	btf_ids_free(&ids);
}

static void test_order(bool is_big)
{
	struct btf_image img = {};
	void *bytes;

	begin(is_big);
	add_types();
	add_layouts();
	/* fn_t names itself: C cannot have that, and it is not what is tested here. */
	new_put(&b, b.types + 16 + 12 + 32 + 60 + 24 + 12 + 28 + 8, 7, 4);
	ok(open_new(NULL, &img, &bytes), "%s-endian: opened %s", is_big ? "big" : "little",
	   err.text);
	is_int(img.n_types, 11, "all types are counted");
	is_int(img.n_layout, 128, "all layouts");
	if (img.n_types == 11) {
		test_c(&img);
		test_words(&img);
	}
	is_int(btf_image_check_strict(&err, &img), 0, "it is sound");
	close_new(&img, bytes);
	begin(is_big);
	add_types();
	add_layouts();
	ok(open_new(NULL, &img, &bytes), "opened");
	test_raw(&img);
	close_new(&img, bytes);
}

static void is_refused(const char *want, const char *what)
{
	struct btf_image img = {};
	void *bytes;
	bool is_open = open_new(NULL, &img, &bytes);

	ok(!is_open && strstr(err.text, want), "%s: %s", what, err.text);
	close_new(&img, bytes);
}

static void test_refused(void)
{
	begin(NATIVE);
	add_types();
	is_refused("BTF type 3 is of the unknown kind 20, and no layout describes it", "none");
	new_layout(&b, 20, 4, 8);
	is_refused("BTF type 9 is of the unknown kind 127", "a layout that ends before");
	new_layout(&b, 127, 0, 5);
	is_refused("BTF type 9 is malformed", "not words");
	new_layout(&b, 127, 0, 255);
	is_refused("BTF type 9 is malformed", "longer than the data");
	new_layout(&b, BTF_KIND_INT, 8, 0);
	is_refused("BTF layout of kind 1 is 8+0 bytes, not the known 4+0", "another INT");
	begin(NATIVE);
	add_types();
	add_layouts();
	b.layout_len -= 2;
	is_refused("BTF layout lies outside of the data", "half an entry");
	begin(NATIVE);
	new_type(&b, "", INFO(0, 0), 0, 0);
	add_layouts();
	is_refused("BTF type 1 is malformed", "kind 0");
}

/* Headers that are longer than any known. */
static void test_header(void)
{
	struct btf_image img = {};
	void *bytes;
	size_t len;

	begin(NATIVE);
	add_types();
	add_layouts();
	for (b.hdr_len = 32; b.hdr_len < 64; b.hdr_len += 4) {
		if (!open_new(NULL, &img, &bytes) || img.n_types != 11)
			ok(0, "a header of %u bytes: %s", b.hdr_len, err.text);
		close_new(&img, bytes);
	}
	b.hdr_len = 40;
	bytes = new_bytes(&b, &len);
	((uint8_t *)bytes)[39] = 1;
	is_int(btf_image_open(&err, bytes, len, &img), -EOPNOTSUPP, "an unknown field is not ignored");
	free(bytes);
	begin(NATIVE);
	new_type(&b, "int", INFO(BTF_KIND_INT, 0), 4, 1, 1u << 24 | 32);
	b.hdr_len = 28;
	bytes = new_bytes(&b, &len);
	memset((uint8_t *)bytes + 24, 0, 4);
	is_int(btf_image_open(&err, bytes, len, &img), 0, "half a field of zeros is");
	close_new(&img, bytes);
}

/* The base has the layout; what is split on it has another entry. */
static void test_split(bool is_big)
{
	struct btf_image base = {}, img = {};
	void *base_bytes, *bytes;

	begin(is_big);
	add_types();
	add_layouts();
	ok(open_new(NULL, &base, &base_bytes), "a base");
	begin(is_big);
	b.first_str = base.strs_len;
	new_type(&b, "here", INFO(20, 1), 0, 3, 1, 2, 3);	/* 12 */
	new_type(&b, "", INFO(BTF_KIND_CONST, 0), 12, 0);
	ok(open_new(&base, &img, &bytes), "split BTF looks into its base's layout: %s", err.text);
	is_written(write_raw, OUT_TEXT, &img,
		   "[12] UNKNOWN 'here' kind_number=20 size=24\n[13] CONST '(anon)' type_id=12\n");
	close_new(&img, bytes);
	new_layout(&b, 20, 4, 8);
	new_layout(&b, 21, 8, 0);
	new_type(&b, "own", INFO(21, 3), 0, 2, 1, 2);
	new_type(&b, "base", INFO(127, 1), 0, 1, 1);
	ok(open_new(&base, &img, &bytes), "with its own entry for one kind: %s", err.text);
	is_written(write_raw, OUT_TEXT, &img, "[14] UNKNOWN 'own' kind_number=21 size=20\n");
	is_written(write_raw, OUT_TEXT, &img, "[15] UNKNOWN 'base' kind_number=127 size=16\n");
	close_new(&img, bytes);
	close_new(&base, base_bytes);
}

static void test_merge(void)
{
	struct btf_image imgs[2] = {}, img = {};
	void *bytes[2], *data = NULL;
	size_t len = 0;

	begin(NATIVE);
	add_types();
	add_layouts();
	ok(open_new(NULL, &imgs[0], &bytes[0]), "one");
	begin(NATIVE);
	new_type(&b, "int", INFO(BTF_KIND_INT, 0), 4, 1, 1u << 24 | 32);
	new_type(&b, "mystery", INFO(20, 2), 99, 5, 1, 2, 3, 4, 5);
	new_type(&b, "", INFO(BTF_KIND_PTR, 0), 2, 0);
	new_layout(&b, 20, 4, 8);
	ok(open_new(NULL, &imgs[1], &bytes[1]), "another");
	is_int(btf_merge(&err, NULL, imgs, 2, &data, &len), 0, "merged");
	is_int(btf_image_open(&err, data, len, &img), 0, "with a layout of its own");
	is_int(img.n_types, 13, "int is there once, types that nobody knows are not merged");
	is_written(write_raw, OUT_TEXT, &img,
		   "[12] UNKNOWN 'mystery' kind_number=20 size=32\n[13] PTR '(anon)' type_id=12\n");
	close_new(&img, data);
	close_new(&imgs[1], bytes[1]);
	new_layout(&b, 20, 16, 2);
	ok(open_new(NULL, &imgs[1], &bytes[1]), "another layout of the same length");
	is_int(btf_merge(&err, NULL, imgs, 2, &data, &len), -EINVAL, "is not merged");
	ok(strstr(err.text, "describes kind 20 differently") != NULL, "%s", err.text);
	err_clear(&err);
	close_new(&imgs[0], bytes[0]);
	close_new(&imgs[1], bytes[1]);
}

static void test_subset(void)
{
	struct btf_image old = {}, img = {};
	struct btf_subset *set = NULL;
	struct buf out = {};
	void *bytes;

	begin(NATIVE);
	add_types();
	add_layouts();
	ok(open_new(NULL, &old, &bytes) && !btf_subset_new(&err, &old, &set), "types to choose from");
	for (uint32_t i = 0; i < 3; i++)
		is_int(btf_subset_keep_member(&err, set, 4, i), 0, "a member");
	is_int(btf_subset_write(&err, set, BTF_SUBSET_LAYOUT, &out), 0, "written");
	is_int(btf_image_open(&err, out.data, out.len, &img), 0, "and read");
	is_int(img.n_layout, 128, "the new BTF has a layout, too");
	is_written(write_raw, OUT_TEXT, &img, "[2] PTR '(anon)' type_id=0\n");
	is_written(write_raw, OUT_TEXT, &img, "\t'm' type_id=0 bits_offset=64\n");
	btf_image_close(&img);
	out.len = 0;
	is_int(btf_subset_write(&err, set, 0, &out), 0, "without one");
	is_int(btf_image_open(&err, out.data, out.len, &img), 0, "for kernels that do not know it");
	is_int(img.n_layout, 0, "there is none");
	btf_image_close(&img);
	buf_free(&out);
	btf_subset_free(set);
	close_new(&old, bytes);
}

/* For older readers: the same ids, and nothing that they do not know. */
static void test_plain(void)
{
	enum { N = 70000 };
	struct btf_image old = {}, img = {};
	struct buf out = {};
	uint32_t n_simpler = 0;
	const char *name;
	void *bytes;

	begin(NATIVE);
	add_types();
	new_type(&b, "wide", INFO(BTF_KIND_ENUM, N), 4, 0);			/* 12 */
	for (uint32_t i = 0; i < N; i++) {
		new_word(&b, 1);
		new_word(&b, i);
	}
	new_type(&b, "after", INFO(BTF_KIND_TYPEDEF, 0), 12, 0);		/* 13 */
	add_layouts();
	ok(open_new(NULL, &old, &bytes) && !btf_is_plain(&old), "what is not plain");
	is_int(btf_image_value(&old, btf_image_type(&old, 12), N - 1, &name), N - 1,
	       "an enum of 70000 values has all of them");
	is_int(btf_put_plain(&err, &old, &out, &n_simpler), 0, "made plain");
	is_int(n_simpler, 4, "three unknown types and an enum are simpler");
	is_int(btf_image_open(&err, out.data, out.len, &img), 0, "can be read");
	ok(btf_is_plain(&img) && img.n_types == 13, "is plain");
	is_written(write_raw, OUT_TEXT, &img, "[3] FWD 'mystery' fwd_kind=struct\n[4] STRUCT 's'");
	is_written(write_raw, OUT_TEXT, &img, "[12] ENUM 'wide' encoding=UNSIGNED size=4 vlen=65535\n");
	is_written(write_raw, OUT_TEXT, &img, "\t'int' val=65534\n[13] TYPEDEF 'after' type_id=12\n");
	btf_image_close(&img);
	close_new(&old, bytes);
	begin(NATIVE);
	new_type(&b, "big", INFO(BTF_KIND_FUNC_PROTO, N), 0, 0);
	for (uint32_t i = 0; i < 2 * N; i++)
		new_word(&b, 0);
	ok(open_new(NULL, &old, &bytes), "a function with 70000 parameters");
	is_int(btf_put_plain(&err, &old, &out, &n_simpler), -EOPNOTSUPP, "has no plain form");
	close_new(&old, bytes);
	buf_free(&out);
}

/* Nothing in a name ends a comment. */
static void test_names(void)
{
	struct btf_image img = {};
	char text[BTF_UNKNOWN_MAX];
	void *bytes;

	begin(NATIVE);
	new_type(&b, "*/ evil \\\n", INFO(30, 0), 0, 0);
	new_layout(&b, 30, 0, 0);
	ok(open_new(NULL, &img, &bytes), "opened");
	is_str(btf_unknown_text(&img, btf_image_type(&img, 1), text),
	       "UNKNOWN '*_ evil __': kind 30, 12 bytes", "a name with the end of a comment");
	close_new(&img, bytes);
}

static bool is_bad(const void *data, size_t len)
{
	void *copy = malloc(len + !len);
	struct btf_image img = {};
	bool bad = true;

	memcpy(copy, data, len);
	if (!btf_image_open(&err, copy, len, &img) && !btf_image_check(&err, &img)) {
		free(written(write_raw, &img, OUT_JSON));
		free(written(write_c, &img, OUT_TEXT));
		free(written(write_layout, &img, OUT_TEXT));
		bad = false;
	}
	close_new(&img, copy);
	return bad;
}

static void test_damage(void)
{
	unsigned int refused;
	uint8_t *bytes;
	size_t len;

	begin(NATIVE);
	add_types();
	add_layouts();
	bytes = new_bytes(&b, &len);
	refused = damage(bytes, len, 2000, is_bad);
	ok(refused > 200 && refused < 2000, "damaged: %u of 2000 refused, the others shown",
	   refused);
	free(bytes);
}

int main(void)
{
	test_order(false);
	test_order(true);
	test_refused();
	test_header();
	test_split(NATIVE);
	test_split(!NATIVE);
	test_merge();
	test_subset();
	test_plain();
	test_names();
	test_damage();
	err_clear(&err);
	return tap_done();
}
