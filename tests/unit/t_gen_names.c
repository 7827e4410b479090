// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Identifiers from any names: which are valid, what others become, and that no two are equal. */
#include "gen/names.h"
#include "tap.h"

static void test_ident(void)
{
	static const char *const good[] = { "a", "_", "_1", "x9_Y", "linux_", "classy", "BPF" };
	static const char *const bad[] = { "",	      "1x",	     "a-b",   "a b",
					   "a.b",     "int",	     "class", "new",
					   "errno",   "NULL",	     "bool",  "nullptr",
					   "alignas", "caf\xc3\xa9", "a$",    "a\n" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		ok(c_name_is_ident(good[i]), "'%s' is one", good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!c_name_is_ident(bad[i]), "number %zu is none", i);
}

static void mends(const char *from, const char *want)
{
	auto_free char *got = c_name_mend(from);

	is_str(got, want, "mended");
	ok(got && c_name_is_ident(got), "which is one");
}

static void test_mend(void)
{
	mends("1-x.y", "_1_x_y");
	mends("a b", "a_b");
	mends("", "_");
	mends("int", "int_");
	mends("class", "class_");
	mends("caf\xc3\xa9", "caf__");
	mends("data", "data");
	mends("a\nb\"c", "a_b_c");
}

static void fills(const char *const *from, const char *const *want, size_t n)
{
	struct c_name names[16] = {}, *list[16] = {};
	size_t i;

	for (i = 0; i < n; i++) {
		names[i].from = from[i];
		list[i] = &names[i];
	}
	is_int(c_names_fill(list, n), 0, "all have names");
	for (i = 0; i < n; i++) {
		is_str(names[i].ident, want[i], from[i]);
		c_name_free(&names[i]);
	}
}

#define FILLS(...) fills((const char *const[]){ __VA_ARGS__ }
static void test_fill(void)
{
	/* A valid name is kept, even if it comes later. */
	FILLS("a.b", "a_b", "a-b"), (const char *const[]){ "a_b_2", "a_b", "a_b_3" }, 3);
	FILLS("x", "x", "x"), (const char *const[]){ "x", "x_2", "x_3" }, 3);
	FILLS("x.y", "x_y_2", "x_y"), (const char *const[]){ "x_y_3", "x_y_2", "x_y" }, 3);
	fills(NULL, NULL, 0);
}

static void test_cpp(void)
{
	struct c_name names[] = {
		{ .from = "new" }, { .from = "new_" }, { .from = "errno" }, { .from = "new" }
	};
	struct c_name *list[] = { &names[0], &names[1], &names[2], &names[3] };
	size_t i;

	is_int(c_names_fill(list, 4), 0, "keywords");
	is_str(names[1].ident, "new_", "the one that is called so");
	is_str(names[0].ident, "new__2", "the keyword of C++ gets another");
	ok(names[0].c_only, "but stays in C");
	ok(!names[2].c_only && !strcmp(names[2].ident, "errno_"), "a macro does not");
	ok(!names[3].c_only, "nor the second of that name");
	for (i = 0; i < 4; i++)
		c_name_free(&names[i]);
}

/* Malicious: a hundred thousand equal names. */
static void test_many(void)
{
	enum { N = 100000 };
	auto_free struct c_name *names = calloc(N, sizeof(*names));
	auto_free struct c_name **list = calloc(N, sizeof(*list));
	size_t i;

	for (i = 0; i < N; i++) {
		names[i].from = "?";
		list[i] = &names[i];
	}
	is_int(c_names_fill(list, N), 0, "many of one name");
	is_str(names[N - 1].ident, "__100000", "the last one");
	for (i = 0; i < N; i++)
		c_name_free(&names[i]);
}

int main(void)
{
	test_ident();
	test_mend();
	test_fill();
	test_cpp();
	test_many();
	return tap_done();
}
