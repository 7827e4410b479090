/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Shared by all kinds of skeletons: an object's programs, maps and variables with their names in
 * generated C, and the parts of a header that are the same everywhere.
 */
#ifndef GEN_SKEL_H
#define GEN_SKEL_H

#include "cli/ctx.h"
#include "decode/btf/image.h"
#include "gen/c.h"
#include "gen/names.h"
#include "load/object.h"

struct bpf_object;

struct skel_var {
	struct c_name name;
	uint32_t type, offset, size;	/* BTF id; bytes, within the section */
};

struct skel_map {
	struct bpf_map *map;	/* libbpf's name for it: bpf_map__name() */
	struct c_name name;	/* the member of maps: "hmap", "data", "data_custom" */
	char *label;		/* owned: what an internal map would be called; NULL for others */
	const char *section;	/* ".data.custom", where its variables are; NULL if none are */
	/*
	 * The member for the data and struct N__<this>; ident NULL: the data is not visible from
	 * outside.
	 */
	struct c_name data;
	struct skel_var *vars;	/* owned; non-static ones, by offset */
	size_t n_vars;
	bool kconfig;		/* filled by libbpf; its variables stay const and volatile */
	uint32_t ops_type;	/* of a struct_ops map: BTF id of the struct; or 0 */
};

struct skel_prog {
	struct bpf_program *prog;
	struct c_name name;
};

#define SKEL_LIBBPF(major, minor) ((uint32_t)(major) << 16 | (minor))

struct skel {
	char *name;			/* N: an identifier; owned */
	uint32_t libbpf;		/* target version: SKEL_LIBBPF() */
	struct bpf_object *obj;		/* opened under that name, not loaded; owned */
	const struct btf_image *btf;	/* types; NULL if it has none */
	struct btf_image types; /* as libbpf has them now, with offsets of variables. Do not copy */
	void *type_bytes;		/* owned */
	struct object_image image;	/* owned: the bytes to embed */
	struct skel_map *maps;		/* owned; in libbpf's order */
	size_t n_maps;
	struct skel_prog *progs;	/* owned */
	size_t n_progs;
};

/*
 * name: NULL derives it from the file name. libbpf: 0 means the version in use here. Returns 0, or
 * the error is stored. Call skel_close() in both cases.
 */
int skel_open(struct ctx *ctx, const char *path, const char *name, uint32_t libbpf,
	      struct skel *ret);
#define auto_skel __attribute__((cleanup(skel_close)))
void skel_close(struct skel *s);

/* From the license line to the guard; kind: "SKEL" for __N_SKEL_H__. And the end of the guard. */
void skel_put_head(struct c_text *t, const char *kind);
void skel_put_foot(struct c_text *t, const char *kind);

/* "TYPE name;" with TYPE ending in a blank or a star; with both names if it is a C++ keyword. */
void skel_put_member(struct c_text *t, int indent, const char *type, const struct c_name *name);
/*
 * struct { TYPE name; ... } maps; or progs, links: nothing if there are none. suffix: appended to
 * each name.
 */
void skel_put_maps(struct c_text *t, const struct skel *s, const char *type);
void skel_put_progs(struct c_text *t, const struct skel *s, const char *group, const char *type,
		    const char *suffix);
/* struct N__data { ... } *data; for each map with visible data. */
void skel_put_data(struct c_text *t, const struct skel *s);
/* struct N__data { int *x; ... } data; : pointers to the variables, for subskeletons. */
void skel_put_pointers(struct c_text *t, const struct skel *s);
/* Structs whose fields are those of struct_ops maps before they are loaded, and struct_ops for
 * pointers to them. */
void skel_put_ops(struct c_text *t, const struct skel *s);
bool skel_has_ops(const struct skel *s);
/*
 * The rest of a function that has allocated obj: it evaluates the expressions create and open,
 * which return 0 or a negative errno, sets the pointers, and returns obj, or NULL and errno.
 */
void skel_put_open(struct c_text *t, const struct skel *s, const char *create, const char *open);
/* A notice if the libbpf that the header is for does not find all such maps. */
void skel_warn_ops_link(struct ctx *ctx, const struct skel *s);

/* The function N__assert(): every variable has the same size as in the object. */
void skel_put_asserts(struct c_text *t, const struct skel *s);

/*
 * gen/light.c: the header of a light skeleton, from skel_put_head() to skel_put_foot(). path: of
 * the object, for errors. Afterwards s->progs is in the order of the struct, and the object can no
 * longer be used. Returns 0, or the error is stored.
 */
int gen_light_skeleton(struct ctx *ctx, struct skel *s, const char *path, struct c_text *t);

#endif
