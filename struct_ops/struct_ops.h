/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the commands share; struct_ops/find.c has it. */
#ifndef STRUCT_OPS_STRUCT_OPS_H
#define STRUCT_OPS_STRUCT_OPS_H

#include "cli/cmd.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"

struct struct_ops_args {
	struct ref map;			/* REF_NONE: all */
};

extern const char *const struct_ops_ref_words[];
void struct_ops_complete(struct ctx *ctx, const char *selector, const char *typed);

#define PARAM_STRUCT_OPS(text, ...)                                                                \
	PARAM_REF(struct struct_ops_args, map, "", "STRUCT_OPS", struct_ops_ref_words, text,       \
		  .complete = struct_ops_complete, __VA_ARGS__)

/* A struct_ops map, and the kernel type of its value. */
struct struct_ops {
	int fd;
	struct bpf_map_info info;
	struct types *types; /* owned; with the value's type; NULL: there are none */
};

struct struct_ops_list {
	struct struct_ops *all;		/* owned, with their fds */
	size_t n;
};

#define auto_struct_ops __attribute__((cleanup(struct_ops_free)))
void struct_ops_free(struct struct_ops_list *list);

/*
 * All struct_ops maps, or the matching ones (then at least one). Returns 0 or an error with text.
 */
int struct_ops_find(struct ctx *ctx, const struct ref *ref, struct struct_ops_list *ret);
/* Adds the map if it is a struct_ops map; then the list owns fd, otherwise it is closed. */
int struct_ops_add(struct ctx *ctx, struct struct_ops_list *list, int fd);
/* "tcp_congestion_ops"; "unknown" without BTF. */
const char *struct_ops_type(const struct struct_ops *s);

#endif
