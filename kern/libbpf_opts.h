/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef KERN_LIBBPF_OPTS_H
#define KERN_LIBBPF_OPTS_H

#include <stddef.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "decode/btf/abi.h"

/*
 * Options for libbpf, instead of its LIBBPF_OPTS(): that includes the padding after the last member
 * in the size, which the compiler may leave uninitialized, and libbpf rejects nonzero bytes there.
 */
#define LIB_OPTS(type, name, ...)                                                                  \
	struct type name = { .sz = offsetof(struct type, type##__last_field) +                     \
				   sizeof(((struct type *)0)->type##__last_field),                 \
			     ##__VA_ARGS__ }

#endif
