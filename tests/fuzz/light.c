// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* -L gen skeleton: libbpf generates a loader from the input. */
#include "command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cmd *const *tree = file_commands();
	char path[32];
	int fd = file_of(data, size, path);
	const char *const words[] = { "-L", "gen", "skeleton", path, "name", "fuzzed", NULL };

	free(run_words(tree, words));
	close(fd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return init_for("gen", "skeleton");
}
