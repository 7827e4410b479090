/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the files of the btf group: btf.c (show, the table), btf/dump.c, btf/header.c. */
#ifndef BTF_BTF_H
#define BTF_BTF_H

#include "load/btf_source.h"
#include "cli/cmd.h"
#include "kern/object/obj.h"

#define BTF_ROOTS_MAX 16
#define BTF_NAMES_MAX 256
#define BTF_FILES_MAX 64

struct btf_files {
	const char *paths[BTF_FILES_MAX];
	size_t n;
};

/* "foo", "struct foo": for btf_find_by_name(). */
struct btf_names {
	const char *names[BTF_NAMES_MAX];
	size_t n;
};

struct btf_map_types {
	struct ref ref;
	int part;			/* key, value... */
};

struct btf_roots {
	uint32_t ids[BTF_ROOTS_MAX];
	size_t n;
};

/* For P_CUSTOM rows: "file FILE" into a struct btf_files. */
int btf_parse_file(struct ctx *ctx, struct args *a, void *member);
/* Adds a name. Returns 0, or a usage error if there are too many of what. */
int btf_names_add(struct ctx *ctx, struct btf_names *names, const char *what, const char *name);

#endif
