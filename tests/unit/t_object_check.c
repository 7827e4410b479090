// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* BTF with one error at a time. Whole object files: t_legacy.c. */
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "image_of.h"

enum { INT = 1, PTR, STRUCT, PROTO, FUNC, ARRAY, ENUM, VAR, DATASEC, TYPEDEF };

static struct btf *sound(void)
{
	struct btf *btf = btf__new_empty();

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	btf__add_ptr(btf, STRUCT);
	btf__add_struct(btf, "node", 8);
	btf__add_field(btf, "next", PTR, 0, 0);
	btf__add_func_proto(btf, INT);
	btf__add_func_param(btf, "ctx", PTR);
	btf__add_func(btf, "prog", BTF_FUNC_GLOBAL, PROTO);
	btf__add_array(btf, INT, INT, 3);
	btf__add_enum(btf, "e", 4);
	btf__add_enum_value(btf, "one", 1);
	btf__add_var(btf, "v", BTF_VAR_GLOBAL_ALLOCATED, INT);
	btf__add_datasec(btf, ".bss", 4);
	btf__add_datasec_var_info(btf, VAR, 0, 4);
	btf__add_typedef(btf, "t", INT);
	return btf;
}

static struct btf_type *type(const struct btf *btf, int id)
{
	return (struct btf_type *)btf__type_by_id(btf, id);
}

/* The result of the check; want NULL: no error. */
static void says(struct btf *btf, const char *want, const char *what)
{
	struct err e = { 0 };
	int err = btf_image_check_strict(&e, image_of(btf));

	ok(want ? err < 0 && strstr(e.text, want) : !err, "%s", what);
	if (want && !strstr(e.text, want))
		printf("# %d '%s', want '%s'\n", err, e.text, want);
	err_clear(&e);
	btf__free(btf);
}

static void test_references(void)
{
	struct btf *btf;

	says(sound(), NULL, "sound types, a pointer cycle among them");
	btf = sound();
	type(btf, PTR)->type = 11;
	says(btf, "type 2 refers to type 11, but there are only 10", "a pointer to nothing");
	btf = sound();
	btf_members(type(btf, STRUCT))->type = 99;
	says(btf, "type 3 refers to type 99", "a member of no type");
	btf = sound();
	((struct btf_param *)btf_params(type(btf, PROTO)))->type = 99;
	says(btf, "type 4 refers to type 99", "a parameter of no type");
	btf = sound();
	type(btf, PROTO)->type = 99;
	says(btf, "type 4 refers to type 99", "a result of no type");
	btf = sound();
	btf_array(type(btf, ARRAY))->index_type = 99;
	says(btf, "type 6 refers to type 99", "an array without an index");
	btf = sound();
	btf_var_secinfos(type(btf, DATASEC))->type = 99;
	says(btf, "type 9 refers to type 99", "a section with a variable that is none");
	btf = sound();
	type(btf, FUNC)->type = INT;
	says(btf, "type 5 is a function without a prototype", "a function that is a number");
	btf = sound();
	type(btf, TYPEDEF)->type = TYPEDEF;
	says(btf, "type 10 has more than 32 modifiers", "a typedef of itself");
}

static void test_names(void)
{
	struct btf *btf = sound();

	type(btf, INT)->name_off = 1 << 20;
	says(btf, "type 1 has a name beyond", "a type");
	btf = sound();
	btf_members(type(btf, STRUCT))->name_off = 1 << 20;
	says(btf, "type 3 has a name beyond", "a member");
	btf = sound();
	btf_enum(type(btf, ENUM))->name_off = 1 << 20;
	says(btf, "type 7 has a name beyond", "an enumerator");
}

/* One enum, with more values than 16 bits count: kernels of 2026 have such. */
static void test_wide(void)
{
	enum { N = 70000 };
	struct {
		struct btf_header h;
		struct btf_type t;
		struct btf_enum v[N];
		char strs[4];
	} *wide = calloc(1, sizeof(*wide));
	struct btf_image img = {};
	struct err e = {};
	const char *name;

	wide->h = (struct btf_header){ .magic = BTF_MAGIC,
				       .version = BTF_VERSION,
				       .hdr_len = sizeof(wide->h),
				       .type_len = sizeof(wide->t) + sizeof(wide->v),
				       .str_len = 3 };
	wide->h.str_off = wide->h.type_len;
	wide->t = (struct btf_type){ .name_off = 1, .info = BTF_KIND_ENUM << 24 | N, .size = 4 };
	wide->v[N - 1].val = 7;
	memcpy(wide->strs, "\0e", 3);
	ok(!btf_image_open(&e, wide, sizeof(*wide), &img) && !btf_image_check(&e, &img),
	   "a wide enum: %s", e.text);
	is_int(btf_items(btf_image_type(&img, 1)), N, "has all its values");
	is_int(btf_image_value(&img, btf_image_type(&img, 1), N - 1, &name), 7, "up to the last");
	is_int(btf_image_check_strict(&e, &img), 0, "and is sound");
	btf_image_close(&img);
	wide->t.info = 33u << 24 | N;
	is_int(btf_image_open(&e, wide, sizeof(*wide), &img), -EINVAL,
	       "a kind of more than 5 bits is not one of 5");
	err_clear(&e);
	free(wide);
}

int main(void)
{
	test_references();
	test_names();
	test_wide();
	return tap_done();
}
