// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * gen min_core_btf: a fuzzed object with valid types, and (selected by the first byte) fuzzed types
 * with a valid object, named by FUZZ_OBJECT: one with CO-RE relocations. The result must be BTF
 * that can be dumped.
 */
#include "command.h"

static int open_sound(char path[static 32])
{
	const char *name = getenv("FUZZ_OBJECT");
	FILE *f = name ? fopen(name, "r") : NULL;
	static char bytes[1 << 20];
	size_t len = f ? fread(bytes, 1, sizeof(bytes), f) : 0;

	must(len, "FUZZ_OBJECT names an object with relocations");
	fclose(f);
	return file_of(bytes, len, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char fuzzed[32], sound[32], out[64];
	bool types = size && data[0] & 1;
	int fd = file_of(data + !!size, size - !!size, fuzzed), sound_fd = open_sound(sound);
	const char *const words[] = { "gen", "min_core_btf",	     types ? fuzzed : sound,
				      out,   types ? sound : fuzzed, NULL };
	const char *const dump[] = { "btf", "dump", "file", out, NULL };
	const struct cmd *const *tree = file_commands();
	char *done, *text;

	snprintf(out, sizeof(out), "/dev/shm/bpfctl-fuzz.%d", (int)getpid());
	done = run_words(tree, words);
	text = done ? run_words(tree, dump) : NULL;
	must(!done || text, "what was written is BTF");
	free(done);
	free(text);
	unlink(out);
	close(fd);
	close(sound_fd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return init_for("gen", "min_core_btf");
}
