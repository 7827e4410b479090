/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the files of bpfctl obj share: one object on its way to the writer, part by part. */
#ifndef OBJ_H
#define OBJ_H

#include "cli/ctx.h"
#include "decode/elf/objfile_ext.h"
#include "decode/elf/objfile_vars.h"
#include "decode/elf/objfile_view.h"
#include "view/table.h"

struct btf_plan;
struct buf;

struct obj_show {
	struct ctx *ctx;
	const char *path;
	struct obj_view view;
	struct obj_vars maps;		/* of SEC(".maps") */
	struct obj_externs externs;
	struct obj_ext ext;
	uint64_t budget;		/* how many numbers of initial values may still be printed */
	bool all_relocs;
};

/*
 * Each adds its part to the record that is open: a list in JSON, a table in text. 0, or the error is
 * stored.
 */
int obj_show_progs(struct obj_show *s);
int obj_show_subprogs(struct obj_show *s);
int obj_show_maps(struct obj_show *s);
int obj_show_struct_ops(struct obj_show *s);
int obj_show_vars(struct obj_show *s);
int obj_show_externs(struct obj_show *s);
int obj_show_relocs(struct obj_show *s);

/*
 * One such part: in JSON a list under key, in text a blank line and the rows, nothing if there are none.
 * open: 0, or the error is stored. close: in any case, with what came of it; returns that or its own error.
 */
struct obj_part {
	struct obj_show *s;
	struct table *table;
	size_t n;			/* rows */
};
int obj_part_open(struct obj_show *s, const char *key, const struct table_col *cols, size_t n_cols,
		  struct obj_part *ret);
int obj_part_close(struct obj_part *part, int err);
/* A row: table_row_end() at its end. */
struct table *obj_part_row(struct obj_part *part);
/* In text a line below the last row, "    " before it. Nothing in JSON. */
void obj_part_line(struct obj_part *part, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* An error of decode/'s: stored as this file's, and cleared. Returns err, which may be 0. */
int obj_fail(struct obj_show *s, int err, struct err *why);
/* obj_vars_read() with the error stored. */
int obj_read_vars(struct obj_show *s, uint32_t section, struct obj_vars *ret);

/* One name more, joined by ", ". */
void obj_join(struct buf *b, const char *name);

/* The map that libbpf makes of a data section: "counter.rodata". */
void obj_data_map_name(const struct obj_show *s, const char *section, char *ret, size_t size);

/* Does a section of this name become a map of variables? Or is it one of those, or of struct_ops? */
bool obj_is_data_section(const char *name);
bool obj_has_variables(const char *section);

/*
 * For printing a value of a type: owned (btf_plan_free()), or NULL when it cannot be shown or the budget is
 * spent.
 */
struct btf_plan *obj_value_plan(struct obj_show *s, uint32_t type, size_t len);

#define OBJ_SYMBOL_MAX 4096	/* with the NUL; longer names are refused by obj_view_open() */

#endif
