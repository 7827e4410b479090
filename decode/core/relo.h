/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * CO-RE relocations: what an object's compiler recorded about a type, a member or an enumerator,
 * and where that is in the types of a kernel. The records are those of enum bpf_core_relo_kind
 * (linux/bpf.h). A type of the kernel is a candidate if it has the same kind and the same name
 * without flavor suffix; members are found by name, also in anonymous structs and unions.
 */
#ifndef DECODE_CORE_RELO_H
#define DECODE_CORE_RELO_H

#include "cli/defs.h"

struct btf_ext_relo;
struct btf_image;
struct err;

/* The types of a kernel, by name. */
struct core_target;

/*
 * img was checked (btf_image_check()) and must outlive it. If it is split BTF, its own types are
 * used only for names that its base has no type for, as in loaders. Returns 0, or -ENOMEM with the
 * error stored.
 */
int core_target_new(struct err *e, const struct btf_image *img, struct core_target **ret);
void core_target_free(struct core_target *t);

#define CORE_PATH_MAX 64		/* limit of loaders */

struct core_member {
	uint32_t type;			/* a struct or union in the target */
	uint16_t index;
};

enum core_use {
	CORE_USE_NOTHING,		/* only the object itself is needed (type_id_local) */
	CORE_USE_MEMBERS,		/* these members; none: only the type */
	CORE_USE_TYPE,			/* its existence and size */
	CORE_USE_CONTENT,		/* all of its contents (type_matches, enumerators) */
};

struct core_match {
	enum core_use use;
	uint32_t type;			/* the candidate, in the target */
	uint64_t value; /* the result of the relocation; for 8-byte pointers */
	uint32_t n_members;
	struct core_member members[CORE_PATH_MAX];	/* on the path, from the outside in */
};

/*
 * The relocations of one object; local: its types, checked. As in loaders, a relocation that only
 * some of a type's candidates satisfy excludes the others for all later relocations of that type.
 */
struct core_finder;

/* Both must outlive it. Returns 0, or -ENOMEM with the error stored. */
int core_finder_new(struct err *e, struct core_target *t, const struct btf_image *local,
		    struct core_finder **ret);
void core_finder_free(struct core_finder *f);

/*
 * Resolves the next relocation. Returns 1: *ret is the target (the first of several candidates that
 * agree); 0: it does not exist in the target, which programs may check; else a negative errno with
 * the error stored: an invalid record (-EINVAL), candidates that disagree (-EINVAL), what no loader
 * supports (-EOPNOTSUPP, -E2BIG).
 */
int core_relo_find(struct err *e, struct core_finder *f, const struct btf_ext_relo *r,
		   struct core_match *ret);

#endif
