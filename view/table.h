/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Rows with columns as wide as their contents. In text the rows are kept until table_print() or
 * table_flush(); in JSON nothing is kept: each row is a record of the writer, each cell is written
 * at once, in the order of the calls.
 */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include "cli/defs.h"

struct out;
struct table;

enum table_flags {
	TABLE_OPTIONAL = 1 << 0,	/* text: left out if empty in all rows */
	TABLE_RIGHT = 1 << 1,		/* text: numbers end in the same column */
	TABLE_CUT = 1 << 2,		/* text: may be shortened where the table has to fit */
};

struct table_col {
	const char *key;		/* in JSON; NULL: not shown */
	const char *title;		/* in text; NULL: in JSON only */
	unsigned int min_width;
	unsigned int flags;
};

/* cols must outlive the table. NULL if out of memory. */
struct table *table_new(struct out *o, const struct table_col *cols, size_t n_cols);
void table_free(struct table *t);

#define auto_table __attribute__((cleanup(cleanup_table)))

static inline void cleanup_table(struct table **t)
{
	table_free(*t);
}

/*
 * Text: two blanks between columns, and no row longer than width: the widest columns that may be
 * cut get narrower, and what they lose is marked with "…". 0: not limited. Lines are never cut.
 */
void table_fit(struct table *t, unsigned int width);

/*
 * A row and its cells, by column number. A cell that is not set is empty in text, and missing in
 * JSON.
 */
void table_row(struct table *t);
void table_row_end(struct table *t);
void table_str(struct table *t, size_t col, const char *v);	/* NULL: null, empty in text */
void table_uint(struct table *t, size_t col, uint64_t v);
void table_nonzero(struct table *t, size_t col, uint64_t v);	/* text: 0 is empty */
void table_bool(struct table *t, size_t col, const char *yes, const char *no, bool v);
/* Three digits after the decimal point in JSON, 0 if it is not a number; "%.*f" in text. */
void table_double(struct table *t, size_t col, int digits, double v);
/* v in JSON, like table_str(); other text in text. */
void table_str_as(struct table *t, size_t col, const char *v, const char *fmt, ...)
	FORMAT_PRINTF(4, 5);
/* The name if it is known, else the number. */
void table_enum(struct table *t, size_t col, const char *name, uint64_t number);
/*
 * A cell of several data: what the writer gets until table_cell_end() are members of the row's
 * record in JSON, and combined in text by the form (out_form()).
 */
void table_cell(struct table *t, size_t col, const char *form);
/* A line below the row instead of a cell. */
void table_line_of(struct table *t, const char *form);
void table_cell_end(struct table *t);
/* Text only: for cells with another form than in JSON. */
void table_text(struct table *t, size_t col, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* Text only: of the rows after it. */
void table_indent(struct table *t, unsigned int n);

/* Text: passes the titles and all rows to the writer. Returns 0, or -ENOMEM if rows were lost. */
int table_print(struct table *t);
/*
 * For tables too long to be kept: prints the rows so far and frees them. Columns are as wide as the
 * contents of these rows; later ones can only widen them. A column that was left out so far gets no
 * title later.
 */
int table_flush(struct table *t);

/* The parameter of listings whose tables fit the screen: bool wide of type. */
#define PARAM_WIDE(type)                                                                           \
	PARAM_FLAG(type, wide, "wide", "do not cut lines at the width of the screen")

#endif
