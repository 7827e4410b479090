/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF as it lies in a file or in the kernel: a checked view of the bytes. The running kernel has
 * 126000 types, and parsing them first would cost more than printing them.
 */
#ifndef DECODE_BTF_IMAGE_H
#define DECODE_BTF_IMAGE_H

#include <bpf/btf.h>

#include "cli/defs.h"

struct err;

/* The data and the base are not owned and must outlive it. */
struct btf_image {
	const struct btf_image *base;	/* split BTF: ids and strings go on where the base ends */
	const uint8_t *types;
	const char *strs;
	uint32_t types_len, strs_len;
	uint32_t first_id, n_types;	/* its own types: first_id .. first_id + n_types - 1 */
	uint32_t first_str;		/* string offsets below belong to the base */
	bool plain;			/* no string holds a byte that needs an escape */
	uint32_t *offsets;		/* owned: where each of its own types lies */
};

/* Is this BTF of the other byte order? */
bool btf_image_is_foreign(const void *data, size_t len);
/* Turn it round in place, or as much of it as is there: the view is checked afterwards. */
void btf_image_turn(void *data, size_t len);

/*
 * Does this BTF stand alone? Only then do its strings begin with an empty one: split BTF has that
 * from its base. Data that is broken does not.
 */
bool btf_image_is_whole(const void *data, size_t len);
/* Does it go on where other BTF ends? Data that is none at all does not. */
bool btf_image_is_split(const void *data, size_t len);

/*
 * Check data, every type's extent included. 0, or a negative errno with the error stored: -EINVAL
 * says what is wrong with it. data must be aligned to 4 bytes. btf_image_close() frees.
 */
int btf_image_open(struct err *e, const void *data, size_t len, struct btf_image *ret);
int btf_image_open_split(struct err *e, const void *data, size_t len, const struct btf_image *base,
			 struct btf_image *ret);
/* Of data that lies anywhere: *ret_copy is what is viewed, owned. */
int btf_image_copy(struct err *e, const void *data, size_t len, void **ret_copy,
		   struct btf_image *ret);
void btf_image_close(struct btf_image *img);

/*
 * Does every reference lead to a type and every name to a string? The raw dump needs no such
 * check; what follows references does. 0, or -EINVAL with the error stored.
 */
int btf_image_check(struct err *e, const struct btf_image *img);
/*
 * The same of an object's, which libbpf reads too: besides, names are not endless, functions have
 * prototypes, and no chain of modifiers leads to itself. 0, -EINVAL or -ELOOP.
 */
int btf_image_check_strict(struct err *e, const struct btf_image *img);

/* Ids are smaller than this, those of the base included. */
static inline uint32_t btf_image_end(const struct btf_image *img)
{
	return img->first_id + img->n_types;
}

/* A type of the image or its base; NULL for 0 (void) and for ids beyond the end. */
const struct btf_type *btf_image_type(const struct btf_image *img, uint32_t id);
/* A string of the image or its base; NULL when the offset is out of range. */
const char *btf_image_str(const struct btf_image *img, uint32_t off);
/* A type's name, "" when it has none. */
const char *btf_image_name(const struct btf_image *img, const struct btf_type *t);

/*
 * Enumerator i of an enum, to be read as signed or unsigned as that is. Its name ("" for a bad one)
 * in *ret_name.
 */
int64_t btf_image_value(const struct btf_image *img, const struct btf_type *t, uint32_t i,
			const char **ret_name);

/*
 * The numbers in a type that stand for types and for strings: fn(ctx, place of the number) for
 * each, in the order of the data, until it returns something else than 0. Returns that.
 */
typedef int btf_ref_fn(void *ctx, const uint32_t *ref);
int btf_type_refs(const struct btf_type *t, btf_ref_fn *fn, void *ctx);
int btf_type_names(const struct btf_type *t, btf_ref_fn *fn, void *ctx);
/* Bytes of a type of a checked image, with all that belongs to it. */
size_t btf_type_len(const struct btf_type *t);

/*
 * How many members, parameters, enumerators or variables a type has; the linkage of a FUNC. Kernels
 * from 2026 on have 24 bits for it; libbpf's btf_vlen() of this age reads 16.
 */
static inline uint32_t btf_items(const struct btf_type *t)
{
	return t->info & 0xffffff;
}

/* Kinds of types as a set, of those that refer to one other. */
#define BTF_MODS                                                                                   \
	(1u << BTF_KIND_CONST | 1u << BTF_KIND_VOLATILE | 1u << BTF_KIND_RESTRICT |                \
	 1u << BTF_KIND_TYPE_TAG)
#define BTF_NAMES (BTF_MODS | 1u << BTF_KIND_TYPEDEF)

#define BTF_NO_TYPE UINT32_MAX	/* an id that no type has */

/*
 * What is behind types of these kinds (elements behind an ARRAY), from *id on, and its id there.
 * NULL: void, *id is 0; or the chain is broken or does not end, and *id is BTF_NO_TYPE.
 */
const struct btf_type *btf_skip(const struct btf_image *img, uint32_t kinds, uint32_t *id);

#endif
