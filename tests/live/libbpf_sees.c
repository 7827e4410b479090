// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What libbpf finds in an object that it opens: a reference for obj show, which does not use libbpf
 * for that. A line per program and map.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

static int be_quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

static void show_prog(const struct bpf_program *p)
{
	printf("prog %s section %s insns %zu type %d autoload %d\n", bpf_program__name(p),
	       bpf_program__section_name(p), bpf_program__insn_cnt(p), bpf_program__type(p),
	       bpf_program__autoload(p));
}

/* libbpf uses the kernel's size for the value of a struct_ops map only when it loads it. */
static void show_map(const struct bpf_map *m)
{
	const struct bpf_map *inner = bpf_map__inner_map((struct bpf_map *)m);

	if (bpf_map__type(m) == BPF_MAP_TYPE_STRUCT_OPS) {
		printf("ops %s\n", bpf_map__name(m));
		return;
	}
	printf("map %s type %d key %u value %u entries %u flags %u extra %llu numa %u internal %d",
	       bpf_map__name(m), bpf_map__type(m), bpf_map__key_size(m), bpf_map__value_size(m),
	       bpf_map__max_entries(m), bpf_map__map_flags(m),
	       (unsigned long long)bpf_map__map_extra(m), bpf_map__numa_node(m),
	       bpf_map__is_internal(m));
	if (inner)
		printf(" inner type %d key %u value %u entries %u flags %u", bpf_map__type(inner),
		       bpf_map__key_size(inner), bpf_map__value_size(inner),
		       bpf_map__max_entries(inner), bpf_map__map_flags(inner));
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct bpf_object *obj;
	struct bpf_program *p;
	struct bpf_map *m;

	libbpf_set_print(be_quiet);
	obj = argc == 2 ? bpf_object__open(argv[1]) : NULL;
	if (!obj || libbpf_get_error(obj))
		return 1;
	bpf_object__for_each_program(p, obj)
		show_prog(p);
	bpf_object__for_each_map(m, obj)
		show_map(m);
	bpf_object__close(obj);
	return 0;
}
