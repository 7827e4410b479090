/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* How many CPUs there can be: so many values has an entry of a per-CPU map. */
#ifndef KERN_CPUS_H
#define KERN_CPUS_H

/*
 * The kernel's possible CPUs, or a negative errno. libbpf's function believes whatever part of the
 * list one read gives it; the kernel writes a value for each CPU all the same, beyond what was
 * allocated.
 */
int cpus_possible(void);

/* How many are in a list such as "0-3,8\n"; -EINVAL for anything else. */
int cpus_in_list(const char *list);

#endif
