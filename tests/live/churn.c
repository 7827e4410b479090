// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * churn SECONDS: creates and frees programs and maps as fast as possible, a few of each at a time.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#define N_ALIVE 8

static int load(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "churn", "GPL", insns, 2, NULL);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
	int fds[2 * N_ALIVE];

	for (unsigned int i = 0; i < 2 * N_ALIVE; i++)
		fds[i] = -1;
	for (unsigned int i = 0; time(NULL) < end; i = (i + 2) % (2 * N_ALIVE)) {
		close(fds[i]);
		close(fds[i + 1]);
		fds[i] = load();
		fds[i + 1] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "churn", 4, 8, 1, NULL);
		if (fds[i] < 0)
			return 1;
	}
	return 0;
}
