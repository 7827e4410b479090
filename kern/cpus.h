/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The number of possible CPUs: an entry of a per-CPU map has one value for each. */
#ifndef KERN_CPUS_H
#define KERN_CPUS_H

/*
 * The kernel's possible CPUs, or a negative errno. libbpf's function accepts whatever part of the
 * list one read returns; but the kernel writes a value for each CPU, beyond what was allocated.
 */
int cpus_possible(void);

/* The number of CPUs in a list such as "0-3,8\n"; -EINVAL if it is not a list. */
int cpus_in_list(const char *list);

#endif
