// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Types by name, what they refer to, and their layout in text and JSON. */
#include "decode/btf/layout.h"

#include <errno.h>

#include "decode/btf/find.h"
#include "decode/btf/size.h"
#include "btf_image.h"

struct wanted {
	const struct btf_image *img;
	struct btf_ids ids;
};

static int write_layout(struct out *o, void *arg)
{
	const struct wanted *w = arg;

	return btf_layout_dump(&err, o, w->img, w->ids.ids, w->ids.n);
}

static void is_layout(const struct btf_image *img, const char *name, enum out_mode mode,
		      const char *want)
{
	struct wanted w = { .img = img };
	auto_free char *text = NULL;

	err_clear(&err);
	if (!btf_find_by_name(&err, img, name, &w.ids))
		text = written(write_layout, &w, mode);
	is_str(text, want, name);
	btf_ids_free(&w.ids);
}

static struct btf *sample(void)
{
	struct btf *b = btf__new_empty();

	btf__add_int(b, "int", 4, BTF_INT_SIGNED);	/* 1 */
	btf__add_int(b, "char", 1, BTF_INT_SIGNED);	/* 2 */
	btf__add_ptr(b, 5);				/* 3 */
	btf__add_union(b, NULL, 4);			/* 4 */
	btf__add_field(b, "i", 1, 0, 0);
	btf__add_field(b, "c", 2, 0, 0);
	btf__add_struct(b, "node", 24);			/* 5 */
	btf__add_field(b, "c", 2, 0, 0);
	btf__add_field(b, "", 4, 32, 0);
	btf__add_field(b, "next", 3, 64, 0);
	btf__add_field(b, "b", 1, 128, 3);
	btf__add_typedef(b, "node_t", 5);		/* 6 */
	btf__add_enum(b, "state", 4);			/* 7 */
	btf__add_enum_value(b, "BIG", 0xffffffffLL);
	btf__add_func_proto(b, 1);			/* 8 */
	btf__add_func_param(b, "n", 3);
	btf__add_func_param(b, "", 0);
	btf__add_func(b, "walk", BTF_FUNC_GLOBAL, 8);	/* 9 */
	btf__add_var(b, "head", BTF_VAR_GLOBAL_ALLOCATED, 5);	/* 10 */
	btf__add_struct(b, "walk", 1);			/* 11 */
	btf__add_field(b, "c", 2, 0, 0);
	btf__add_fwd(b, "only", BTF_FWD_UNION);		/* 12 */
	btf__add_fwd(b, "node", BTF_FWD_STRUCT);	/* 13 */
	btf__add_typedef(b, "u_t", 4);			/* 14 */
	return b;
}

static void test_layouts(const struct btf_image *img)
{
	is_layout(
		img, "struct node", OUT_TEXT,
		"struct node {\n"
		"\tchar c;                                         /*     0       1 */\n"
		"\t/* hole: 3 bytes */\n"
		"\tunion {\n"
		"\t\tint i;                                  /*     4       4 */\n"
		"\t\tchar c;                                 /*     4       1 */\n"
		"\t};                                              /*     4       4 */\n"
		"\tstruct node *next;                              /*     8       8 */\n"
		"\tint b: 3;                                       /*    16:0    3 bits */\n"
		"\t/* padding: 61 bits */\n"
		"};                                                      /* size 24, align 8 */\n");
	is_layout(img, "node", OUT_JSON,
		  "{\"types\":[{\"id\":5,\"kind\":\"STRUCT\",\"name\":\"node\",\"size\":24,"
		  "\"align\":8,\"packed\":false,"
		  "\"members\":["
		  "{\"name\":\"c\",\"type\":\"char\",\"type_id\":2,\"offset\":0,\"bits_offset\":0,"
		  "\"size\":1},"
		  "{\"name\":\"\",\"type\":\"union "
		  "{...}\",\"type_id\":4,\"offset\":4,\"bits_offset\":32,\"size\":4,"
		  "\"kind\":\"UNION\",\"members\":["
		  "{\"name\":\"i\",\"type\":\"int\",\"type_id\":1,\"offset\":4,\"bits_offset\":32,"
		  "\"size\":4},"
		  "{\"name\":\"c\",\"type\":\"char\",\"type_id\":2,\"offset\":4,\"bits_offset\":32,"
		  "\"size\":1}],"
		  "\"holes\":[],\"padding_bits\":0},"
		  "{\"name\":\"next\",\"type\":\"struct node "
		  "*\",\"type_id\":3,\"offset\":8,\"bits_offset\":64,\"size\":8},"
		  "{\"name\":\"b\",\"type\":\"int\",\"type_id\":1,\"offset\":16,\"bits_offset\":"
		  "128,\"bitfield_size\":3,"
		  "\"size\":4}],"
		  "\"holes\":[{\"bits_offset\":8,\"bits\":24}],\"padding_bits\":61}]}\n");
	is_layout(img, "enum state", OUT_TEXT,
		  "enum state {\n\tBIG = 4294967295,\n};                                           "
		  "           /* size 4 */\n");
	is_layout(
		img, "state", OUT_JSON,
		"{\"types\":[{\"id\":7,\"kind\":\"ENUM\",\"name\":\"state\",\"size\":4,\"align\":4,"
		"\"encoding\":\"UNSIGNED\",\"values\":[{\"name\":\"BIG\",\"val\":4294967295}]}]}"
		"\n");
	is_layout(img, "func walk", OUT_TEXT, "int walk(struct node *n, ...);\n");
	is_layout(
		img, "func walk", OUT_JSON,
		"{\"types\":[{\"id\":9,\"kind\":\"FUNC\",\"name\":\"walk\",\"linkage\":\"global\","
		"\"type\":\"int(struct node *n, "
		"...)\",\"type_id\":8,\"return\":\"int\",\"params\":["
		"{\"name\":\"n\",\"type\":\"struct node *\",\"type_id\":3},"
		"{\"name\":\"\",\"type\":\"...\",\"type_id\":0}]}]}\n");
	is_layout(img, "head", OUT_TEXT,
		  "struct node head;                                       /* size 24 */\n");
	is_layout(
		img, "u_t", OUT_TEXT,
		"typedef union {\n\tint i;                                          /*     0       "
		"4 */\n"
		"\tchar c;                                         /*     0       1 */\n"
		"} u_t;                                                  /* size 4, align 4 */\n");
	is_layout(img, "only", OUT_TEXT, "union only;\n");
}

static void test_names(const struct btf_image *img)
{
	struct btf_ids l = {};

	is_int(btf_find_by_name(&err, img, "walk", &l), 0,
	       "a name that a function and a struct have");
	ok(l.n == 2 && l.ids[0] == 9 && l.ids[1] == 11, "means both");
	is_int(btf_find_by_name(&err, img, "struct walk", &l) ?: btf_ids_unique(&err, img, &l), 0,
	       "one of them again");
	is_int(l.n, 2, "is there once");
	l.n = 0;
	is_int(btf_find_by_name(&err, img, "node", &l), 0,
	       "a struct that is declared elsewhere too");
	is_int(l.n, 1, "is the struct");
	l.n = 0;
	is_int(btf_find_by_name(&err, img, "nod_t", &l), -ENOENT, "a name nobody has");
	is_str(err.hint, "did you mean 'node_t'?", "what was meant");
	err_clear(&err);
	is_int(btf_find_by_name(&err, img, "union node", &l), -ENOENT, "the wrong kind");
	is_str(err.hint, "a struct has that name", "the right one");
	err_clear(&err);
	is_int(btf_find_by_name(&err, img, "", &l), -ENOENT, "no name at all");
	err_clear(&err);
	is_int(btf_find_by_name(&err, img, "struct ", &l), -ENOENT, "nor behind its kind");
	err_clear(&err);
	l.n = 0;
	btf_ids_add(&err, &l, 14);
	is_int(btf_closure(&err, img, &l), 0, "what a typedef refers to");
	ok(l.n == 4 && l.ids[0] == 1 && l.ids[1] == 2 && l.ids[2] == 4 && l.ids[3] == 14,
	   "directly or not");
	btf_ids_free(&l);
	ok(btf_is_kind_word("struct") && !btf_is_kind_word("func"), "words that are no names");
}

static int write_all(struct out *o, void *arg)
{
	const struct btf_image *img = arg;
	struct wanted w = { .img = img };
	int e = 0;

	for (uint32_t id = 1; !e && id < btf_image_end(img); id++)
		e = btf_ids_add(&err, &w.ids, id);
	e = e ?: write_layout(o, &w);
	btf_ids_free(&w.ids);
	return e;
}

static bool try_layout(const void *data, size_t len)
{
	struct btf_image img = {};
	struct btf_ids l = {};
	bool refused = true;
	char *text;

	if (btf_image_open(&err, data, len, &img))
		return true;
	if (!btf_image_check(&err, &img)) {
		text = written(write_all, &img, OUT_TEXT);
		refused = !text;
		free(text);
		free(written(write_all, &img, OUT_JSON));
		if (!btf_find_by_name(&err, &img, "node", &l))
			btf_closure(&err, &img, &l);
		btf_ids_free(&l);
	}
	btf_image_close(&img);
	return refused;
}

static void test_impossible(void)
{
	struct btf *b = btf__new_empty();
	struct btf_image img = {};
	char *text;

	btf__add_int(b, "int", 4, 0);
	for (int i = 0; i < 40; i++) {
		btf__add_struct(b, NULL, 8);
		btf__add_field(b, "l", 1 + i, 0, 0);
		btf__add_field(b, "r", 1 + i, 32, 0);
	}
	open_image(b, NULL, &img);
	text = written(write_all, &img, OUT_JSON);
	ok(!text, "structs that double each time: %s", err.text);
	free(text);
	close_image(&img);
	btf__free(b);

	b = btf__new_empty();
	btf__add_struct(b, NULL, 8);
	btf__add_field(b, "me", 1, 0, 0);
	open_image(b, NULL, &img);
	text = written(write_all, &img, OUT_TEXT);
	ok(!text && strstr(err.text, "type 1 "), "a struct within itself: %s", err.text);
	free(text);
	close_image(&img);
	btf__free(b);
}

static void test_sizes(void)
{
	struct btf *b = btf__new_empty();
	struct btf_image img = {};
	struct btf_sizes s;

	btf__add_int(b, "long", 4, 0);			/* 1: a machine of 32 bits */
	btf__add_ptr(b, 1);				/* 2 */
	btf__add_array(b, 1, 2, UINT32_MAX);		/* 3 */
	btf__add_array(b, 1, 3, UINT32_MAX);		/* 4 */
	btf__add_array(b, 1, 4, 0);			/* 5 */
	btf__add_typedef(b, "a", 7);			/* 6 */
	btf__add_typedef(b, "b", 6);			/* 7 */
	open_image(b, NULL, &img);
	is_int(btf_sizes_open(&img, &s), 0, "sizes");
	is_int(btf_size_of(&s, 2), 4, "a pointer is as large as long");
	ok(btf_size_of(&s, 4) == UINT64_MAX, "too large to count");
	is_int(btf_size_of(&s, 6), 0, "typedefs in a circle have none");
	is_int(btf_align_of(&s, 6), 1, "nor an alignment");
	is_int(btf_size_of(&s, 0), 0, "void");
	btf_sizes_close(&s);
	close_image(&img);
	btf__free(b);
}

int main(void)
{
	struct btf *b = sample();
	struct btf_image img = {};
	unsigned int refused;
	size_t len;
	void *data = bytes_of(b, &len);

	open_image(b, NULL, &img);
	test_layouts(&img);
	test_names(&img);
	close_image(&img);
	test_impossible();
	test_sizes();
	refused = damage(data, len, 20000, try_layout);
	ok(refused > 2000 && refused < 20000, "damaged BTF: %u of 20000 refused, the others shown",
	   refused);
	free(data);
	btf__free(b);
	return tap_done();
}
