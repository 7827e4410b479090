/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef KERN_LIBBPF_OPTS_H
#define KERN_LIBBPF_OPTS_H

#include <stddef.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

/*
 * Options for libbpf, in place of its LIBBPF_OPTS(): that one counts the padding behind the last
 * member in, which the compiler may leave as it was, and libbpf refuses what is not zero there.
 */
#define LIB_OPTS(type, name, ...)                                                                  \
	struct type name = { .sz = offsetof(struct type, type##__last_field) +                     \
				   sizeof(((struct type *)0)->type##__last_field),                 \
			     ##__VA_ARGS__ }

#endif
