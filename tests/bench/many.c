// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * many PREFIX N: load N programs and N maps, say "ready", hold them until stdin ends.
 * The first program calls a helper, the others are "r0 = 0; exit".
 */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rlimit files = { 1 << 20, 1 << 20 };
	struct bpf_insn plain[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct bpf_insn calling[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ktime_get_ns },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int n = argc == 3 ? atoi(argv[2]) : 0;
	char name[16];

	if (setrlimit(RLIMIT_NOFILE, &files))
		files.rlim_cur = 0;	/* keep the current limit */
	for (int i = 0; i < n; i++) {
		struct bpf_insn *insns = i ? plain : calling;
		int n_insns = i ? 2 : 3;

		snprintf(name, sizeof(name), "%.9s_%hu", argv[1], (unsigned short)i);
		if (bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, name, "GPL", insns, n_insns, NULL) <
			    0 ||
		    bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, 4, 1, NULL) < 0) {
			perror("many");
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	return read(STDIN_FILENO, name, 1) < 0;
}
