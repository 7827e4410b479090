// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* obj show: contents of an object, as text and JSON. */
#include "command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cmd *const *tree = file_commands();
	char path[32];
	int fd = file_of(data, size, path);
	const char *const text[] = { "obj", "show", path, NULL };
	const char *const json[] = { "-j", "obj", "show", path, NULL };

	free(run_words(tree, text));
	free(run_words(tree, json));
	close(fd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return init_for("obj", "show");
}
