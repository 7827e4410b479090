// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Object files before libbpf: legacy maps and struct_ops sections rewritten, the check. If they
 * pass, libbpf opens them, as the loading commands do: it must not crash.
 */
#include <bpf/libbpf.h>

#include "cli/err.h"
#include "decode/elf/legacy.h"
#include "decode/elf/objfile_check.h"
#include "decode/elf/ops_link.h"
#include "fuzz.h"

static void open_checked(const void *elf, size_t len)
{
	struct bpf_object_open_opts opts = { .sz = sizeof(opts), .object_name = "fuzzed" };
	struct err e = {};

	if (!objfile_check(&e, elf, len)) {
		struct bpf_object *obj = bpf_object__open_mem(elf, len, &opts);

		if (obj)
			bpf_object__close(obj);
	} else {
		must(e.text[0], "a refusal says why");
	}
	err_clear(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *elf = guarded(data, size), *renamed;
	struct legacy l = {};
	struct err e = {};
	size_t len;
	int err = legacy_convert(&e, elf, size, &l);

	must(err >= 0 || e.text[0], "a refusal says why");
	err_clear(&e);
	if (!err)
		open_checked(l.elf, l.len);
	if (!err)
		free(l.elf);
	err = ops_link_rename(&e, elf, size, &renamed, &len);
	must(err >= 0 || e.text[0], "a refusal says why");
	err_clear(&e);
	if (!err) {
		open_checked(renamed, len);
		free(renamed);
	}
	open_checked(elf, size);
	free(elf);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	libbpf_set_print(NULL);
	return 0;
}
