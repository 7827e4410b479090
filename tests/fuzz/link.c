// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* gen object: an object alone, and linked with itself (which must fail with an error). */
#include "command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cmd *const *tree = file_commands();
	char path[32];
	int fd = file_of(data, size, path);
	char out[64];
	const char *const one[] = { "gen", "object", out, path, NULL };
	const char *const two[] = { "gen", "object", out, path, path, NULL };

	snprintf(out, sizeof(out), "/dev/shm/bpfctl-fuzz.%d", (int)getpid());
	free(run_words(tree, one));
	free(run_words(tree, two));
	unlink(out);
	close(fd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return init_for("gen", "object");
}
