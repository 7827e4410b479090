/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * C declarations that compile: "int (*name)(struct foo *, int)". For the form for scripts see
 * text.h.
 */
#ifndef DECODE_BTF_DECL_H
#define DECODE_BTF_DECL_H

#include "cli/buf.h"
#include "decode/btf/image.h"

struct btf_decl {
	const struct btf_image *img;	/* checked: btf_image_check() */
	struct buf *buf;
	/*
	 * How much more may be written, in bytes: nested unnamed types that share others grow
	 * exponentially. Set by the caller, who may also subtract from it.
	 */
	int64_t left;
	int err; /* -ELOOP, -E2BIG, -EINVAL; kept, and nothing more is written */
	unsigned int depth;
	bool mend;			/* for a compiler: _ is appended to keywords */
	bool terse;			/* for readers: names unchanged, no type tags, "*const" */
	bool no_mods;			/* without const and other qualifiers, everywhere */
	bool is_strict; /* invalid names and what is not a type are errors: -EINVAL; () is (void) */
	/* The name of a struct, union, enum or typedef; NULL: as in BTF. */
	void (*put_name)(struct btf_decl *d, uint32_t id, const struct btf_type *t);
	/* The text after "struct " if the type has no name; NULL: {...}. */
	void (*put_body)(struct btf_decl *d, uint32_t id, const struct btf_type *t);
};

/* The type around a name; "": the type alone. The name must be an identifier. */
void btf_decl_put(struct btf_decl *d, uint32_t id, const char *name);

/*
 * Is a value of this type, or of its elements, of a kind that has no meaning here (btf_is_known())?
 * It is written as void with a comment; C has no members and parameters of that type.
 */
bool btf_decl_is_unknown(const struct btf_image *img, uint32_t id);

/* The same around text that is not a name: "(*f)", "*x". */
void btf_decl_put_around(struct btf_decl *d, uint32_t id, const char *text);

/* A name as an identifier: bytes that are not valid in one become '_'. */
void btf_put_ident(struct buf *b, const char *name);
/* The same, for a compiler if d says so: a keyword becomes "int_". */
void btf_decl_ident(struct btf_decl *d, const char *name);
/* Is its name bool, and its type C's _Bool? Some compilers have that word as a keyword. */
bool btf_is_bool(const struct btf_image *img, const struct btf_type *t);
/* Is this a type that is part of C: "unsigned long", "_Bool"? */
bool btf_is_c_number(const char *name);

#endif
