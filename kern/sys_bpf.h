/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* bpf(2) itself, for commands and members newer than libbpf 1.1. */
#ifndef KERN_SYS_BPF_H
#define KERN_SYS_BPF_H

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Returns the kernel's result (an fd, or 0), or a negative errno. size: of what attr points to. */
static inline int sys_bpf(unsigned int cmd, const void *attr, size_t size)
{
	long ret = syscall(SYS_bpf, cmd, attr, size);

	return ret < 0 ? -errno : (int)ret;
}

#endif
