// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* btf dump file: ELF files and raw BTF of both byte orders, in all forms. */
#include "command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cmd *const *tree = file_commands();
	char path[32];
	int fd = file_of(data, size, path);
	const char *const raw[] = { "btf", "dump", "file", path, NULL };
	const char *const json[] = { "-p", "btf", "dump", "file", path, NULL };
	const char *const c[] = { "btf", "dump", "file", path, "format", "c", NULL };

	free(run_words(tree, raw));
	free(run_words(tree, json));
	free(run_words(tree, c));
	close(fd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return init_for("btf", "dump");
}
