// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * make_btf BASE OUT NAME: the BTF of a module, split on BASE: a struct NAME of its own (with what
 * the kernel has), a struct shared that every module has, and a struct differ that is another in
 * each.
 */
#include <bpf/btf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Parts that are only complete together: a kernel function with its tag. */
static void add_kfunc(struct btf *b, int task_ptr, const char *name)
{
	char func[64];
	int proto = btf__add_func_proto(b, task_ptr), id;

	btf__add_func_param(b, "task", task_ptr);
	snprintf(func, sizeof(func), "%s_kfunc", name);
	id = btf__add_func(b, func, BTF_FUNC_STATIC, proto);
	btf__add_decl_tag(b, "bpf_kfunc", id, -1);
}

static void add_types(struct btf *b, const struct btf *base, const char *name)
{
	int list = btf__find_by_name_kind(base, "list_head", BTF_KIND_STRUCT);
	int task = btf__find_by_name_kind(base, "task_struct", BTF_KIND_STRUCT);
	int integer = btf__find_by_name_kind(base, "int", BTF_KIND_INT);
	int task_ptr = btf__add_ptr(b, task), shared, self;

	shared = btf__add_struct(b, "mod_shared", 24);
	btf__add_field(b, "list", list, 0, 0);
	btf__add_field(b, "task", task_ptr, 128, 0);
	btf__add_struct(b, "mod_differ", 4);
	btf__add_field(b, name, integer, 0, 0);
	self = btf__add_struct(b, name, 32);
	btf__add_field(b, "shared", shared, 0, 0);
	btf__add_field(b, "self", self + 1, 192, 0);
	btf__add_ptr(b, self);
	add_kfunc(b, task_ptr, name);
}

int main(int argc, char **argv)
{
	struct btf *base = argc == 4 ? btf__parse(argv[1], NULL) : NULL;
	struct btf *b = base ? btf__new_empty_split(base) : NULL;
	const void *data;
	uint32_t len;
	FILE *f;

	if (!b)
		return 1;
	add_types(b, base, argv[3]);
	data = btf__raw_data(b, &len);
	f = fopen(argv[2], "w");
	return !f || fwrite(data, 1, len, f) != len || fclose(f);
}
