// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Several BTFs as one: equal types occur once, different ones are kept; compared with the count of
 * libbpf's dedup.
 */
#include "decode/btf/merge.h"

#include "decode/btf/raw.h"
#include "btf_image.h"

static int write_raw(struct out *o, void *arg)
{
	btf_raw_dump(o, arg, NULL, 0, 0);
	return 0;
}

/* The merged types, raw; *ret_n: how many. Owned, NULL and a stored error on failure. */
static char *merged(const struct btf_image *base, const struct btf_image *imgs, size_t n,
		    uint32_t *ret_n)
{
	struct btf_image img = {};
	void *data = NULL;
	size_t len = 0;
	char *text = NULL;

	err_clear(&err);
	*ret_n = 0;
	if (!btf_merge(&err, base, imgs, n, &data, &len) &&
	    !btf_image_open_split(&err, data, len, base, &img) && !btf_image_check(&err, &img)) {
		*ret_n = img.n_types;
		text = written(write_raw, &img, OUT_TEXT);
	}
	btf_image_close(&img);
	free(data);
	return text;
}

static void is_merged(const struct btf_image *base, const struct btf_image *imgs, size_t n,
		      const char *want, const char *what)
{
	uint32_t n_types;
	auto_free char *text = merged(base, imgs, n, &n_types);

	is_str(text, want, what);
}

/* A list through pointers, which is a cycle; and a struct that is only declared, or defined. */
static struct btf *list_of(const char *data, bool has_item)
{
	struct btf *b = btf__new_empty();

	btf__add_ptr(b, 2);				/* 1 */
	btf__add_struct(b, "list", 24);			/* 2 */
	btf__add_field(b, "next", 1, 0, 0);
	btf__add_field(b, data, 3, 64, 0);
	btf__add_field(b, "item", 5, 128, 0);
	btf__add_int(b, "long", 8, BTF_INT_SIGNED);	/* 3 */
	if (has_item) {
		btf__add_struct(b, "item", 8);		/* 4 */
		btf__add_field(b, "l", 3, 0, 0);
	} else {
		btf__add_fwd(b, "item", BTF_FWD_STRUCT);
	}
	btf__add_ptr(b, 4);				/* 5 */
	return b;
}

static const char list_text[] =
	"[1] PTR '(anon)' type_id=2\n"
	"[2] STRUCT 'list' size=24 vlen=3\n"
	"\t'next' type_id=1 bits_offset=0\n"
	"\t'data' type_id=3 bits_offset=64\n"
	"\t'item' type_id=5 bits_offset=128\n"
	"[3] INT 'long' size=8 bits_offset=0 nr_bits=64 encoding=SIGNED\n"
	"[4] STRUCT 'item' size=8 vlen=1\n"
	"\t'l' type_id=3 bits_offset=0\n"
	"[5] PTR '(anon)' type_id=4\n";

static void test_alone(void)
{
	struct btf *a = list_of("data", true), *b = list_of("data", false),
		   *c = list_of("other", true);
	struct btf_image imgs[3] = {};
	uint32_t n;
	char *text;

	open_image(a, NULL, &imgs[0]);
	open_image(b, NULL, &imgs[1]);
	open_image(c, NULL, &imgs[2]);
	is_merged(NULL, imgs, 1, list_text, "one alone is as it was");
	is_merged(NULL, imgs, 2, list_text, "the same again, with a struct only declared: once");
	text = merged(NULL, imgs, 3, &n);
	is_int(n, 7, "another member: another struct and the pointer to it");
	ok(text &&
		   strstr(text, "[6] PTR '(anon)' type_id=7\n[7] STRUCT 'list' size=24 "
				"vlen=3\n\t'next' type_id=6 ") &&
		   strstr(text, "'other' type_id=3 bits_offset=64\n\t'item' type_id=5 "),
	   "which share the rest");
	free(text);
	for (int i = 0; i < 3; i++)
		close_image(&imgs[i]);
	btf__free(a);
	btf__free(b);
	btf__free(c);
}

static void test_split(void)
{
	struct btf *base = list_of("data", true), *a = btf__new_empty_split(base),
		   *b = btf__new_empty_split(base);
	struct btf *whole = list_of("data", true);
	struct btf_image base_img = {}, imgs[3] = {};

	btf__add_struct(a, "mod", 8);			/* 6 */
	btf__add_field(a, "next", 7, 0, 0);
	btf__add_ptr(a, 2);				/* 7 */
	btf__add_var(a, "v", BTF_VAR_STATIC, 6);	/* 8 */
	btf__add_typedef(b, "mine", 8);			/* 6 */
	btf__add_fwd(b, "item", BTF_FWD_STRUCT);	/* 7 */
	btf__add_struct(b, "mod", 8);			/* 8 */
	btf__add_field(b, "next", 9, 0, 0);
	btf__add_ptr(b, 2);				/* 9 */
	btf__add_ptr(b, 7);				/* 10 */
	btf__add_const(b, 10);				/* 11 */
	btf__add_var(b, "v", BTF_VAR_STATIC, 8);	/* 12 */
	open_image(base, NULL, &base_img);
	open_image(a, &base_img, &imgs[0]);
	open_image(b, &base_img, &imgs[1]);
	open_image(whole, NULL, &imgs[2]);
	is_merged(&base_img, imgs, 3,
		  "[6] STRUCT 'mod' size=8 vlen=1\n\t'next' type_id=1 bits_offset=0\n"
		  "[7] VAR 'v' type_id=6, linkage=static\n"
		  "[8] TYPEDEF 'mine' type_id=6\n"
		  "[9] CONST '(anon)' type_id=5\n"
		  "[10] VAR 'v' type_id=6, linkage=static\n",
		  "modules on a base: what is in the base is found there, variables stay");
	for (int i = 0; i < 3; i++)
		close_image(&imgs[i]);
	close_image(&base_img);
	btf__free(a);
	btf__free(b);
	btf__free(whole);
	btf__free(base);
}

/* Similar to compiler output, at random: n structs that point to each other. */
static struct btf *random_types(unsigned int seed, unsigned int n)
{
	struct btf *b = btf__new_empty();
	char name[16];

	btf__add_int(b, "int", 4, BTF_INT_SIGNED);
	for (unsigned int i = 0; i < n; i++) {
		unsigned int other = (seed = seed * 1103515245 + 12345) >> 16;

		snprintf(name, sizeof(name), "s%u", i);
		btf__add_struct(b, name, 16);
		btf__add_field(b, "p", 3 + 2 * i, 0, 0);
		btf__add_field(b, other % 7 ? "i" : "j", 1, 64, 0);
		btf__add_ptr(b, 2 + 2 * (other % n));
	}
	return b;
}

/* libbpf compares graphs while we compare colors: the same number of types is left. */
static void test_as_libbpf(void)
{
	for (unsigned int seed = 1; seed <= 20; seed++) {
		struct btf *a = random_types(seed, 40), *b = random_types(seed, 40),
			   *c = random_types(seed + 100, 30);
		struct btf_image imgs[3] = {};
		uint32_t n;

		open_image(a, NULL, &imgs[0]);
		open_image(b, NULL, &imgs[1]);
		open_image(c, NULL, &imgs[2]);
		free(merged(NULL, imgs, 3, &n));
		btf__add_btf(a, b);
		btf__add_btf(a, c);
		if (btf__dedup(a, NULL) || n != btf__type_cnt(a) - 1)
			ok(0, "round %u: %u types, libbpf has %u", seed, n, btf__type_cnt(a) - 1);
		for (int i = 0; i < 3; i++)
			close_image(&imgs[i]);
		btf__free(a);
		btf__free(b);
		btf__free(c);
	}
	ok(1, "as many types as libbpf's dedup leaves");
}

static bool try_merge(const void *data, size_t len)
{
	struct btf *good = list_of("data", true);
	struct btf_image imgs[2] = {};
	bool refused = true;
	uint32_t n;

	if (btf_image_open(&err, data, len, &imgs[0]))
		goto out;
	if (!btf_image_check(&err, &imgs[0])) {
		open_image(good, NULL, &imgs[1]);
		free(merged(NULL, imgs, 2, &n));
		refused = !n;
		close_image(&imgs[1]);
	}
	btf_image_close(&imgs[0]);
out:
	btf__free(good);
	return refused;
}

/* The longest path between two types is as long as the number of types. */
static void test_chain(void)
{
	struct btf *b = btf__new_empty();
	struct btf_image imgs[2] = {};
	uint32_t n;

	btf__add_int(b, "int", 4, BTF_INT_SIGNED);
	for (int i = 0; i < 50000; i++)
		btf__add_ptr(b, 1 + i);
	open_image(b, NULL, &imgs[0]);
	open_image(b, NULL, &imgs[1]);
	free(merged(NULL, imgs, 2, &n));
	ok(n == 50001 || strstr(err.text, "too deep"), "a chain of 50000 pointers: %u types, %s", n,
	   err.text);
	close_image(&imgs[0]);
	close_image(&imgs[1]);
	btf__free(b);
}

int main(void)
{
	struct btf *sample = random_types(1, 20);
	unsigned int refused;
	size_t len;
	void *data = bytes_of(sample, &len);

	test_alone();
	test_split();
	test_as_libbpf();
	test_chain();
	refused = damage(data, len, 5000, try_merge);
	ok(refused > 500 && refused < 5000, "damaged BTF: %u of 5000 refused, the others merged",
	   refused);
	free(data);
	btf__free(sample);
	return tap_done();
}
