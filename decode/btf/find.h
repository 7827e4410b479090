/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Types by name, and all that they refer to. */
#ifndef DECODE_BTF_FIND_H
#define DECODE_BTF_FIND_H

#include "decode/btf/image.h"

/* A list of type ids. */
struct btf_ids {
	uint32_t *ids;			/* owned */
	size_t n, max;
};

static inline void btf_ids_free(struct btf_ids *l)
{
	free(l->ids);
	*l = (struct btf_ids){};
}

/* Appends one. Returns 0 or the error. */
int btf_ids_add(struct err *e, struct btf_ids *l, uint32_t id);
/* Removes duplicates, keeps the first of each. All must be ids of img. Returns 0 or the error. */
int btf_ids_unique(struct err *e, const struct btf_image *img, struct btf_ids *l);

/*
 * Is this a word for the kind of a type before its name: "struct", "union", "enum", "typedef"?
 * These are not names in C.
 */
bool btf_is_kind_word(const char *word);

/* The first type with exactly this name and one of these kinds (1 << kind). Its id, or 0. */
uint32_t btf_find(const struct btf_image *img, const char *name, uint32_t kinds);

/*
 * "struct event", "event" (a typedef, else a struct or union), "enum color", "int". A type id, or
 * 0.
 */
uint32_t btf_type_by_name(const struct btf_image *img, const char *name);

/*
 * Adds all types with a name: "task_struct", "struct task_struct"; also "func name" and "var name".
 * A forward declaration counts only if there is nothing else with its name. Returns 0, or -ENOENT
 * with a similar name.
 */
int btf_find_by_name(struct err *e, const struct btf_image *img, const char *name,
		     struct btf_ids *l);

/*
 * Adds all types that those in the list refer to, directly or indirectly; in order of ids. img must
 * be checked.
 */
int btf_closure(struct err *e, const struct btf_image *img, struct btf_ids *l);

#endif
