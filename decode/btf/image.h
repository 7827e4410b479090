/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * BTF as in a file or in the kernel: a checked view of the bytes, without parsing them first: the
 * running kernel has 126000 types.
 */
#ifndef DECODE_BTF_IMAGE_H
#define DECODE_BTF_IMAGE_H

#include "cli/defs.h"
#include "decode/btf/abi.h"

struct err;

/* The data and the base are not owned and must outlive it. */
struct btf_image {
	const struct btf_image *base;	/* split BTF: ids and strings continue after the base's */
	const uint8_t *types;
	const char *strs;
	uint32_t types_len, strs_len;
	const struct btf_kind_len *layout; /* how long the types of each kind are; often none */
	uint32_t n_layout;
	uint32_t first_id, n_types;	/* its own types: first_id .. first_id + n_types - 1 */
	uint32_t first_str;		/* string offsets below belong to the base */
	bool plain;			/* no string contains a byte that needs escaping */
	uint32_t *offsets;		/* owned: the offset of each of its own types */
};

/* Is this BTF in the other byte order? */
bool btf_image_is_foreign(const void *data, size_t len);
/*
 * Converts it in place, as far as it is complete: the view is checked afterwards. Types of unknown
 * kinds are taken for words of 32 bits, like all others.
 */
void btf_image_turn(void *data, size_t len);

/*
 * Is this BTF not split? Only then do its strings start with an empty one: split BTF has that from
 * its base. False for broken data.
 */
bool btf_image_is_whole(const void *data, size_t len);
/* Is it split BTF? False for data that is not BTF. */
bool btf_image_is_split(const void *data, size_t len);

/*
 * Checks data, including every type's extent. Returns 0, or a negative errno with the error stored:
 * for -EINVAL it describes the problem. data must be aligned to 4 bytes. btf_image_close() frees.
 */
int btf_image_open(struct err *e, const void *data, size_t len, struct btf_image *ret);
int btf_image_open_split(struct err *e, const void *data, size_t len, const struct btf_image *base,
			 struct btf_image *ret);
/* For data with any alignment: *ret_copy is the viewed copy, owned. */
int btf_image_copy(struct err *e, const void *data, size_t len, void **ret_copy,
		   struct btf_image *ret);
void btf_image_close(struct btf_image *img);

/*
 * Does every reference lead to a type and every name to a string? The raw dump does not need this
 * check; code that follows references does. Returns 0, or -EINVAL with the error stored.
 */
int btf_image_check(struct err *e, const struct btf_image *img);
/*
 * The same for an object's BTF, which libbpf reads, too: in addition, names are not too long,
 * functions have prototypes, and no chain of modifiers is a cycle. Returns 0, -EINVAL or -ELOOP.
 */
int btf_image_check_strict(struct err *e, const struct btf_image *img);

/* All ids are smaller than this, including those of the base. */
static inline uint32_t btf_image_end(const struct btf_image *img)
{
	return img->first_id + img->n_types;
}

/* A type of the image or its base; NULL for 0 (void) and for ids after the end. */
const struct btf_type *btf_image_type(const struct btf_image *img, uint32_t id);
/* A string of the image or its base; NULL if the offset is out of range. */
const char *btf_image_str(const struct btf_image *img, uint32_t off);
/* A type's name, "" if it has none. */
const char *btf_image_name(const struct btf_image *img, const struct btf_type *t);

/*
 * Enumerator i of an enum, signed or unsigned as its type. Its name ("" if invalid) in *ret_name.
 */
int64_t btf_image_value(const struct btf_image *img, const struct btf_type *t, uint32_t i,
			const char **ret_name);

/*
 * The type ids and string offsets in a type: calls fn(ctx, address of the number) for each, in the
 * order of the data, until it returns nonzero. Returns that.
 */
typedef int btf_ref_fn(void *ctx, const uint32_t *ref);
int btf_type_refs(const struct btf_type *t, btf_ref_fn *fn, void *ctx);
int btf_type_names(const struct btf_type *t, btf_ref_fn *fn, void *ctx);
/* Bytes of a type in a checked image, including everything that belongs to it. */
size_t btf_type_len(const struct btf_image *img, const struct btf_type *t);

/*
 * Is it of a kind that has a meaning here? The others are skipped with the help of a layout section
 * (of the image or its base): of them nothing but kind, name and length is known, neither ids nor
 * other names in them.
 */
bool btf_is_known(const struct btf_type *t);
/*
 * What is known of the others: "UNKNOWN 'name': kind 20, 16 bytes", fit for a comment of C. Long
 * names are cut.
 */
#define BTF_UNKNOWN_MAX 128
const char *btf_unknown_text(const struct btf_image *img, const struct btf_type *t,
			     char buf[static BTF_UNKNOWN_MAX]);

/* The entry of a kind, of the image or its base; NULL: none describes it. */
const struct btf_kind_len *btf_kind_len(const struct btf_image *img, uint32_t kind);
/* The same for a kind that we know, from our own table. */
struct btf_kind_len btf_kind_len_known(uint32_t kind);

/*
 * The number of members, parameters, enumerators or variables of a type; the linkage of a FUNC.
 * Kernels since 2026 have 24 bits for it; libbpf's current btf_vlen() reads 16.
 */
static inline uint32_t btf_items(const struct btf_type *t)
{
	return t->info & 0xffffff;
}

/* Sets of kinds of types, for kinds that refer to one other type. */
#define BTF_MODS                                                                                   \
	(1u << BTF_KIND_CONST | 1u << BTF_KIND_VOLATILE | 1u << BTF_KIND_RESTRICT |                \
	 1u << BTF_KIND_TYPE_TAG)
#define BTF_NAMES (BTF_MODS | 1u << BTF_KIND_TYPEDEF)

static inline bool btf_kind_in(const struct btf_type *t, uint32_t kinds)
{
	return btf_kind(t) < 32 && kinds >> btf_kind(t) & 1;
}

#define BTF_NO_TYPE UINT32_MAX	/* an id that no type has */

/*
 * The type after types of these kinds (after an ARRAY its elements), starting at *id, and its id
 * there. NULL: void, *id is 0; or the chain is broken or has no end, and *id is BTF_NO_TYPE.
 */
const struct btf_type *btf_skip(const struct btf_image *img, uint32_t kinds, uint32_t *id);

#endif
