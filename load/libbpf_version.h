/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Which libbpf this is built with: a constant, so that what works around an older one is not in a
 * build with a newer one. CONTRIBUTING.md lists what uses it.
 */
#ifndef LOAD_LIBBPF_VERSION_H
#define LOAD_LIBBPF_VERSION_H

#include <bpf/libbpf_version.h>

#define LIBBPF_SINCE(major, minor)                                                                 \
	(LIBBPF_MAJOR_VERSION > (major) ||                                                         \
	 (LIBBPF_MAJOR_VERSION == (major) && LIBBPF_MINOR_VERSION >= (minor)))

/* It does not load all that today's compilers and headers produce. */
#define LIBBPF_IS_OLD (!LIBBPF_SINCE(1, 7))

/* Objects of the other byte order: its linker and skeletons convert what they have to read. */
#define LIBBPF_LINKS_EITHER_ORDER LIBBPF_SINCE(1, 7)

#endif
