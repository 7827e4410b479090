/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * CO-RE relocations: what an object's compiler noted down about a type, a member or an enumerator,
 * and where that is in the types of a kernel. The records are those of enum bpf_core_relo_kind
 * (linux/bpf.h). A type of the kernel is a candidate when it is of the same kind and has the same
 * name but for flavours; members are found by name, in anonymous structs and unions too.
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
 * img was checked (btf_image_check()) and must outlive it. When it is split BTF, its own types
 * count only for names that its base has no type of, as for loaders. 0, or -ENOMEM with the error
 * stored.
 */
int core_target_new(struct err *e, const struct btf_image *img, struct core_target **ret);
void core_target_free(struct core_target *t);

#define CORE_PATH_MAX 64		/* what loaders take */

struct core_member {
	uint32_t type;			/* a struct or union of the target */
	uint16_t index;
};

enum core_use {
	CORE_USE_NOTHING,		/* only the object itself is needed (type_id_local) */
	CORE_USE_MEMBERS,		/* these members; none: only the type */
	CORE_USE_TYPE,			/* that it is there and how long it is */
	CORE_USE_CONTENT,		/* all that it consists of (type_matches, enumerators) */
};

struct core_match {
	enum core_use use;
	uint32_t type;			/* the candidate, of the target */
	uint64_t value; /* what the relocation amounts to; pointers are taken for 8 bytes */
	uint32_t n_members;
	struct core_member members[CORE_PATH_MAX];	/* passed on the way, from the outside in */
};

/*
 * The relocations of one object; local: its types, checked. As for loaders, a relocation that some
 * of a type's candidates satisfy rules out the others for all later relocations of that type.
 */
struct core_finder;

/* Both must outlive it. 0, or -ENOMEM with the error stored. */
int core_finder_new(struct err *e, struct core_target *t, const struct btf_image *local,
		    struct core_finder **ret);
void core_finder_free(struct core_finder *f);

/*
 * Find what the next relocation is about. 1: *ret is it (of several candidates that agree the
 * first); 0: the target has no such thing, which programs may ask for; else a negative errno with
 * the error stored: a record that makes no sense (-EINVAL), candidates that disagree (-EINVAL),
 * what no loader can do (-EOPNOTSUPP, -E2BIG).
 */
int core_relo_find(struct err *e, struct core_finder *f, const struct btf_ext_relo *r,
		   struct core_match *ret);

#endif
