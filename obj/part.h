/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the files of bpfctl obj: an object that is printed part by part. */
#ifndef OBJ_PART_H
#define OBJ_PART_H

#include "cli/ctx.h"
#include "decode/elf/objfile_ext.h"
#include "decode/elf/objfile_vars.h"
#include "decode/elf/objfile_view.h"
#include "view/table.h"

struct btf_plan;

struct objfile_show {
	struct ctx *ctx;
	const char *path;
	struct objfile view;
	struct objfile_vars maps;		/* of SEC(".maps") */
	struct objfile_externs externs;
	struct objfile_ext ext;
	uint64_t budget; /* how many numbers of initial values may still be printed */
	bool all_relocs;
	bool is_torn;			/* out of memory for a declaration: the part fails */
};

/*
 * Each adds its part to the open record: a list in JSON, a table in text. Returns 0, or the error
 * is stored.
 */
int objfile_show_progs(struct objfile_show *s);
int objfile_show_subprogs(struct objfile_show *s);
int objfile_show_maps(struct objfile_show *s);
int objfile_show_struct_ops(struct objfile_show *s);
int objfile_show_vars(struct objfile_show *s);
int objfile_show_externs(struct objfile_show *s);
int objfile_show_relocs(struct objfile_show *s);

/*
 * One such part: in JSON a list under key, in text a blank line and the rows, nothing if there are
 * none. open: returns 0, or the error is stored. close: call it in both cases, with the result;
 * returns that or its own error.
 */
struct objfile_part {
	struct objfile_show *s;
	struct table *table;
	size_t n;			/* rows */
};
int objfile_part_open(struct objfile_show *s, const char *key, const struct table_col *cols,
		      size_t n_cols, struct objfile_part *ret);
int objfile_part_close(struct objfile_part *part, int err);
/* A row: table_row_end() ends it. */
struct table *objfile_part_row(struct objfile_part *part);

/*
 * A declaration, or of a function's name and type: false if there is none to show. Out of memory
 * makes objfile_part_close() fail.
 */
bool objfile_spell(struct objfile_show *s, uint32_t type, const char *name, char *decl);
bool objfile_spell_func(struct objfile_show *s, uint32_t type, char *decl);

/* An error from decode/: stored as this file's, and cleared. Returns err, which may be 0. */
int objfile_fail(struct objfile_show *s, int err, struct err *why);
/* objfile_vars_read() with the error stored. */
int objfile_read_vars(struct objfile_show *s, uint32_t section, struct objfile_vars *ret);

/*
 * For printing a value of a type: owned (btf_plan_free()), or NULL if it cannot be shown or the
 * budget is used up.
 */
struct btf_plan *objfile_value_plan(struct objfile_show *s, uint32_t type, size_t len);

#define OBJFILE_SYMBOL_MAX 4096	/* with the NUL; objfile_open() rejects longer names */

#endif
