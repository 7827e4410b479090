// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* kern/object/names.c, prog_types.c, sections.c, helper_names.c: tables against themselves and the
 * running kernel. */
#include <errno.h>

#include "decode/btf/find.h"
#include "kern/kernel.h"
#include "kern/object/helper_names.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"
#include "tap.h"

static size_t count(const char *const *words)
{
	size_t n = 0;

	while (words[n])
		n++;
	return n;
}

static void test_tables(struct ctx *ctx)
{
	uint32_t n = 0;

	is_int(count(prog_type_words), 33, "33 program types");
	is_int(count(map_type_words), 36, "36 map types");
	is_int(count(link_type_words), 16, "16 link types");
	is_int(count(attach_type_words), 62, "62 attach types");
	is_int(count(helper_words), N_HELPER_WORDS, "212 helpers");
	is_str(name_of(ctx, NAMES_PROG_TYPE, 6), "xdp", "program type 6");
	is_str(name_of(ctx, NAMES_PROG_TYPE, 32), "netfilter", "program type 32 is in the table");
	is_str(name_of(ctx, NAMES_MAP_TYPE, 33), "arena", "map type 33");
	is_str(name_of(ctx, NAMES_LINK_TYPE, 11), "tcx", "link type 11");
	is_str(name_of(ctx, NAMES_ATTACH_TYPE, 46), "tcx_ingress", "attach type 46");
	is_str(name_of(ctx, NAMES_HELPER, 1), "bpf_map_lookup_elem", "helper 1");
	is_str(attach_short_name(0), "ingress", "attach type 0 has a short word");
	is_str(attach_short_name(4), NULL, "attach type 4 has none");
	is_str(attach_short_name(1000), NULL, "nor has 1000");
	ok(name_number(ctx, NAMES_MAP_TYPE, "hash", &n) == 0 && n == 1, "hash is map type 1");
	n = 77;
	is_int(name_number(ctx, NAMES_MAP_TYPE, "has", &n), -ENOENT, "words are exact");
	is_int(n, 77, "and the result stays untouched on failure");
}

static void test_beyond(struct ctx *ctx)
{
	is_str(name_of(ctx, NAMES_LINK_TYPE, 4000000000u), NULL, "a number nobody knows");
	is_str(name_of(ctx, NAMES_LINK_TYPE, 4000000000u), NULL, "nor the second time");
}

static const char *enumerator(const struct btf_image *img, const char *type, unsigned int number)
{
	uint32_t id = btf_find(img, type, 1u << BTF_KIND_ENUM);
	const struct btf_type *t = btf_image_type(img, id);

	for (uint32_t i = 0; t && i < btf_items(t); i++) {
		const char *name = btf_image_str(img, btf_enum(t)[i].name_off);

		if ((unsigned int)btf_enum(t)[i].val == number && strncmp(name, "__", 2) &&
		    !strstr(name, "_DEPRECATED") && strcmp(name, "BPF_PROG_RUN"))
			return name;
	}
	return NULL;
}

/* Each word we print must be the kernel's enumerator in lower case, as far as this kernel goes. */
static void test_kernel(const struct btf_image *img, const char *type, const char *prefix,
			const char *const *words)
{
	unsigned int wrong = 0, n_seen = 0;

	for (unsigned int i = 0; words[i]; i++) {
		const char *name = enumerator(img, type, i);
		const char *word = words[i] + (strcmp(type, "bpf_func_id") ? 0 : strlen("bpf_"));

		if (!name)
			continue;
		n_seen++;
		if (strncmp(name, prefix, strlen(prefix)) ||
		    strcasecmp(name + strlen(prefix), word)) {
			printf("# %u: we say %s, the kernel %s\n", i, words[i], name);
			wrong++;
		}
	}
	ok(!wrong && n_seen > 5, "%s as in the kernel's BTF (%u words)", type, n_seen);
}

static void test_prog_types(void)
{
	const struct prog_type *xdp = prog_type(6), *tc = prog_type(3), *unheard = prog_type(1000);
	size_t same = 0;

	for (uint32_t i = 0; i < N_PROG_TYPES; i++)
		same += prog_type_words[i] == prog_type(i)->name && prog_type(i)->caps;
	is_int(same, N_PROG_TYPES, "each type has a row, with its word and what it needs");
	ok(!unheard->name && !unheard->traits && !unheard->run && unheard->caps,
	   "a number beyond the table claims nothing");
	ok(xdp->traits == (PROG_ON_DEVICE | PROG_DEV_BOUND) && xdp->run & RUN_LIVE, "xdp");
	is_str(tc->run_ctx, "__sk_buff", "what tc programs run on");
	ok(prog_type(26)->hook == HOOK_TRACING && prog_type(28)->traits == PROG_EXTENDS, "hooks");
	is_int(prog_verdict_place(xdp->verdicts, 2), 2, "XDP_PASS");
	is_int(prog_verdict_place(xdp->verdicts, 5), VERDICTS_MAX, "XDP has no verdict 5");
	is_int(prog_verdict_place(xdp->verdicts, UINT32_MAX), VERDICTS_MAX, "nor -1");
	is_int(prog_verdict_place(tc->verdicts, UINT32_MAX), 0, "which tc has");
	is_int(prog_verdict_place(tc->verdicts, 2), 3, "TC_ACT_SHOT");
	is_int(attach_prog_type(8), 18, "bind4 takes cgroup_sock_addr");
	is_int(attach_prog_type(17), 22, "flow_dissector takes flow_dissector");
	is_int(attach_prog_type(1000), 0, "what nothing attaches to");
}

static void test_sections(void)
{
	uint32_t prog = 0, attach = 0;

	ok(!section_types("xdp", &prog, &attach) && prog == 6 && attach == 37, "xdp");
	ok(!section_types("xdp/cpumap", &prog, &attach) && attach == 35, "xdp/cpumap");
	ok(section_types("xdp/mine", &prog, &attach) == -ENOENT, "xdp takes no tail");
	ok(!section_types("kprobe/do_it", &prog, &attach) && prog == 2 && attach == UINT32_MAX,
	   "kprobe/... sets no attach type");
	ok(!section_types("kprobe.multi/x", &prog, &attach) && attach == 42, "kprobe.multi/x");
	ok(!section_types("lsm_cgroup/x", &prog, &attach) && prog == 29 && attach == 43,
	   "lsm_cgroup is not lsm");
	ok(!section_types("tp_btf.s/x", &prog, &attach) && prog == 26 && attach == 23, "tp_btf.s");
	ok(!section_types("netfilter", &prog, &attach) && prog == 32 && attach == 45, "netfilter");
	ok(!section_types("cgroup/connect_unix", &prog, &attach) && attach == 49, "connect_unix");
	ok(section_types("", &prog, &attach) == -ENOENT, "the empty word");
	ok(section_types("xd", &prog, &attach) == -ENOENT, "no abbreviations");
	for (size_t i = 0; section_words[i]; i++) {
		if (section_types(section_words[i], &prog, &attach))
			ok(0, "section word %s is found", section_words[i]);
	}
}

static void test_flags(void)
{
	struct err e = {};
	uint32_t flags = 1;

	ok(!parse_map_flags(&e, "no_prealloc,rdonly_prog", &flags) && flags == 0x81, "two names");
	ok(!parse_map_flags(&e, "BPF_F_MMAPABLE", &flags) && flags == 0x400, "the kernel's name");
	ok(!parse_map_flags(&e, "0x1,rdonly", &flags) && flags == 9, "a number and a name");
	ok(!parse_map_flags(&e, "no_user_conv", &flags) && flags == 1u << 18, "the last bit");
	flags = 5;
	ok(parse_map_flags(&e, "rdonly,nonsense", &flags) == -EINVAL && e.usage &&
		   strstr(e.text, "nonsense") && flags == 5,
	   "an unknown flag is a usage error: %s", e.text);
	err_clear(&e);
	ok(parse_map_flags(&e, "", &flags) == -EINVAL, "the empty word is no flag");
	err_clear(&e);
	ok(parse_map_flags(&e, "1x", &flags) == -EINVAL, "a broken number");
	err_clear(&e);
}

int main(void)
{
	struct err e = {};
	struct ctx ctx = {.err = &e};
	const struct btf_image *img;

	test_tables(&ctx);
	test_beyond(&ctx);
	img = kernel_btf(&ctx, NULL);
	if (img) {
		test_kernel(img, "bpf_prog_type", "BPF_PROG_TYPE_", prog_type_words);
		test_kernel(img, "bpf_map_type", "BPF_MAP_TYPE_", map_type_words);
		test_kernel(img, "bpf_link_type", "BPF_LINK_TYPE_", link_type_words);
		test_kernel(img, "bpf_attach_type", "BPF_", attach_type_words);
		test_kernel(img, "bpf_func_id", "BPF_FUNC_", helper_words);
	} else {
		ok(1, "the kernel's enums # SKIP no BTF here");
	}
	test_prog_types();
	test_sections();
	test_flags();
	kernel_free(ctx.kernel);
	err_clear(&e);
	return tap_done();
}
