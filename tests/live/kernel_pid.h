/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The pid of this process as programs see it: in a pid namespace it differs from getpid(). C and
 * C++.
 */
#ifndef KERNEL_PID_H
#define KERNEL_PID_H

#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

/* From a program. getpid() if none can be run. */
static inline int kernel_pid(void)
{
	static const struct bpf_insn insns[] = {
		{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_current_pid_tgid },
		{ BPF_ALU64 | BPF_RSH | BPF_K, 0, 0, 0, 32 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr load, run;
	int prog, err;

	memset(&load, 0, sizeof(load));
	load.prog_type = BPF_PROG_TYPE_SYSCALL;
	load.prog_flags = BPF_F_SLEEPABLE;
	load.insns = (uint64_t)(uintptr_t)insns;
	load.insn_cnt = 3;
	load.license = (uint64_t)(uintptr_t)"GPL";
	prog = (int)syscall(__NR_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	if (prog < 0)
		return getpid();
	memset(&run, 0, sizeof(run));
	run.test.prog_fd = (uint32_t)prog;
	err = (int)syscall(__NR_bpf, BPF_PROG_TEST_RUN, &run, sizeof(run));
	close(prog);
	return err ? getpid() : (int)run.test.retval;
}

#endif
