// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* gen skeleton and gen subskeleton: the header is written, or the error. */
#include "command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cmd *const *tree = file_commands();
	char path[32];
	int fd = file_of(data, size, path);
	const char *const skeleton[] = { "gen", "skeleton", path, "name", "fuzzed", NULL };
	const char *const json[] = { "-j", "gen", "skeleton", path, "name", "fuzzed", NULL };
	const char *const sub[] = { "gen", "subskeleton", path, "name", "fuzzed", NULL };

	free(run_words(tree, skeleton));
	free(run_words(tree, json));
	if (has_command("gen", "subskeleton"))
		free(run_words(tree, sub));
	close(fd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return init_for("gen", "skeleton");
}
