// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Tables in text: all cells in one buffer, one row of offsets each, printed when all widths are
 * known.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "json_writer.h"
#include "view/table.h"

#define LINE SIZE_MAX		/* replaces a column */
/* Columns are cut to the first of these widths before one of them is cut to the second. */
#define CUT_NAME 15
#define CUT_MIN 8

struct cell {
	size_t at;
	uint32_t len, width;		/* bytes, and columns on a terminal */
};

/* How a cell is placed. */
struct column {
	unsigned int width;
	bool right;
};

struct row {
	struct cell *cells;		/* owned; NULL: a line without columns */
	struct cell line;
	unsigned int indent;
};

struct table {
	struct out *o;
	bool json;
	const struct table_col *cols;
	size_t n_cols;
	struct row *rows;
	size_t n, max;
	unsigned int indent;
	size_t open_col;		/* of the cell being composed */
	struct buf text;
	unsigned int *widths;		/* owned; of flushed rows, NULL: none */
	unsigned int gap;		/* blanks between columns */
	unsigned int limit;		/* of a line; 0: none */
};

struct table *table_new(struct out *o, const struct table_col *cols, size_t n_cols)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t)
		*t = (struct table){ .o = o, .json = out_is_json(o), .cols = cols,
				     .n_cols = n_cols, .gap = 1 };
	return t;
}

void table_fit(struct table *t, unsigned int width)
{
	t->gap = 2;
	t->limit = width;
}

static void forget_rows(struct table *t)
{
	while (t->n)
		free(t->rows[--t->n].cells);
	t->text.len = 0;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	forget_rows(t);
	free(t->rows);
	free(t->widths);
	buf_free(&t->text);
	free(t);
}

/* The text appended after at, as a cell. UTF-8 continuation bytes have no width. */
static struct cell cell_since(const struct table *t, size_t at)
{
	struct cell c = { .at = at, .len = (uint32_t)(t->text.len - at) };

	for (size_t i = at; i < t->text.len; i++)
		c.width += ((uint8_t)t->text.data[i] & 0xc0) != 0x80;
	return c;
}

static struct row *add_row(struct table *t)
{
	struct row *grown = array_room(t->rows, t->n, &t->max, sizeof(*grown));

	if (!grown) {
		t->text.err = -ENOMEM;
		return NULL;
	}
	t->rows = grown;
	t->rows[t->n] = (struct row){ .indent = t->indent };
	return &t->rows[t->n++];
}

void table_row(struct table *t)
{
	struct row *row;

	if (t->json) {
		out_rec(t->o, NULL);
		return;
	}
	row = add_row(t);
	if (!row)
		return;
	row->cells = calloc(t->n_cols, sizeof(*row->cells));
	if (!row->cells)
		t->text.err = -ENOMEM;
}

void table_row_end(struct table *t)
{
	out_json_rec_end(t->o);
}

static void set_cell(struct table *t, size_t col, const char *v)
{
	size_t at = t->text.len;

	if (t->json || t->text.err)
		return;
	buf_text_str(&t->text, v, strlen(v));
	t->rows[t->n - 1].cells[col] = cell_since(t, at);
}

void table_cell(struct table *t, size_t col, const char *form)
{
	t->open_col = col;
	out_form(t->o, form);
}

void table_line_of(struct table *t, const char *form)
{
	table_cell(t, LINE, form);
}

static void add_line(struct table *t, size_t at)
{
	struct row *row = add_row(t);

	if (!row)
		return;
	row->line = cell_since(t, at);
	row->indent = 0;
}

void table_cell_end(struct table *t)
{
	size_t at = t->text.len;

	out_form_take(t->o, &t->text);
	if (t->json || t->text.err)
		return;
	if (t->open_col == LINE)
		add_line(t, at);
	else
		t->rows[t->n - 1].cells[t->open_col] = cell_since(t, at);
}

void table_str(struct table *t, size_t col, const char *v)
{
	if (t->cols[col].key)
		out_json_str(t->o, t->cols[col].key, v);
	set_cell(t, col, v ? v : "");
}

void table_bool(struct table *t, size_t col, const char *yes, const char *no, bool v)
{
	if (t->cols[col].key)
		out_json_bool(t->o, t->cols[col].key, v);
	set_cell(t, col, v ? yes : no);
}

void table_uint(struct table *t, size_t col, uint64_t v)
{
	if (t->cols[col].key)
		out_json_uint(t->o, t->cols[col].key, v);
	table_text(t, col, "%llu", (unsigned long long)v);
}

void table_nonzero(struct table *t, size_t col, uint64_t v)
{
	if (v || t->json)
		table_uint(t, col, v);
}

void table_enum(struct table *t, size_t col, const char *name, uint64_t number)
{
	if (name)
		table_str(t, col, name);
	else
		table_uint(t, col, number);
}

static FORMAT_PRINTF(3, 0)
void set_cell_fmt(struct table *t, size_t col, const char *fmt, va_list ap)
{
	auto_free char *text = NULL;

	if (t->json)
		return;
	if (vasprintf(&text, fmt, ap) < 0) {
		text = NULL;
		t->text.err = -ENOMEM;
		return;
	}
	set_cell(t, col, text);
}

void table_text(struct table *t, size_t col, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_cell_fmt(t, col, fmt, ap);
	va_end(ap);
}

void table_str_as(struct table *t, size_t col, const char *v, const char *fmt, ...)
{
	va_list ap;

	out_json_str(t->o, t->cols[col].key, v);
	va_start(ap, fmt);
	set_cell_fmt(t, col, fmt, ap);
	va_end(ap);
}

void table_double(struct table *t, size_t col, int digits, double v)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3f", isfinite(v) ? v : 0);
	out_json_raw(t->o, t->cols[col].key, text);
	table_text(t, col, "%.*f", digits, v);
}

void table_indent(struct table *t, unsigned int n)
{
	t->indent = n;
}

/* Width of a column, 0 for one that is not shown. */
static unsigned int measure(const struct table *t, size_t col)
{
	const struct table_col *c = &t->cols[col];
	uint32_t widest = 0;

	if (!c->title)
		return 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].cells && t->rows[i].cells[col].width > widest)
			widest = t->rows[i].cells[col].width;
	if (!widest && (c->flags & TABLE_OPTIONAL))
		return 0;
	if (strlen(c->title) > widest)
		widest = strlen(c->title);
	return widest > c->min_width ? widest : c->min_width;
}

/* The widest column that can be made narrower, but not below min; n_cols: none. */
static size_t widest_to_cut(const struct table *t, unsigned int min)
{
	size_t found = t->n_cols;

	for (size_t i = 0; i < t->n_cols; i++) {
		const struct table_col *c = &t->cols[i];

		if (!(c->flags & TABLE_CUT) || t->widths[i] <= strlen(c->title) ||
		    t->widths[i] <= min)
			continue;
		if (found == t->n_cols || t->widths[i] > t->widths[found])
			found = i;
	}
	return found;
}

static void fit(struct table *t)
{
	unsigned int total = 0;

	for (size_t i = 0; i < t->n_cols; i++)
		total += t->widths[i] ? t->widths[i] + (total ? t->gap : 0) : 0;
	for (; t->limit && total > t->limit; total--) {
		size_t i = widest_to_cut(t, CUT_NAME);

		if (i == t->n_cols)
			i = widest_to_cut(t, CUT_MIN);
		if (i == t->n_cols)
			return;
		t->widths[i]--;
	}
}

/* Padding is written only before the next text: no line ends in blanks. */
struct line {
	struct buf *b;
	unsigned int pad, gap;
};

/* The bytes of the first n columns of text. */
static size_t bytes_of(const char *text, size_t len, unsigned int n)
{
	size_t i = 0;

	for (; i < len; i++)
		if (((uint8_t)text[i] & 0xc0) != 0x80 && !n--)
			break;
	return i;
}

static void put_text(struct line *l, const char *text, const struct cell *c, unsigned int width)
{
	if (c->width <= width) {
		buf_put(l->b, text, c->len);
		return;
	}
	buf_put(l->b, text, bytes_of(text, c->len, width - 1));
	buf_puts(l->b, "…");
}

static void put_cell(struct line *l, const char *text, const struct cell *c,
		     const struct column *col)
{
	unsigned int used = c->width < col->width ? c->width : col->width;
	unsigned int rest = col->width - used;

	if (c->len) {
		buf_fill(l->b, ' ', l->pad + (col->right ? rest : 0));
		put_text(l, text, c, col->width);
		l->pad = col->right ? 0 : rest;
	} else {
		l->pad += rest;
	}
	l->pad += l->gap;
}

static bool is_right(const struct table *t, size_t col)
{
	return t->cols[col].flags & TABLE_RIGHT;
}

static void put_titles(const struct table *t, struct buf *b)
{
	struct line l = { .b = b, .gap = t->gap };

	for (size_t i = 0; i < t->n_cols; i++) {
		const char *title = t->cols[i].title;
		struct cell c = { .len = title ? strlen(title) : 0 };

		c.width = c.len;
		if (t->widths[i])
			put_cell(&l, title, &c, &(struct column){ t->widths[i], is_right(t, i) });
	}
	buf_putc(b, '\n');
}

static void put_row(const struct table *t, struct buf *b, const struct row *row)
{
	const char *text = t->text.data ? t->text.data : "";
	struct line l = { .b = b, .pad = row->indent, .gap = t->gap };

	if (!row->cells)
		put_cell(&l, text + row->line.at, &row->line,
			 &(struct column){ row->line.width, false });
	for (size_t i = 0; row->cells && i < t->n_cols; i++)
		if (t->widths[i])
			put_cell(&l, text + row->cells[i].at, &row->cells[i],
				 &(struct column){ t->widths[i], is_right(t, i) });
	buf_putc(b, '\n');
}

int table_print(struct table *t)
{
	bool go_on = t->widths;
	struct buf b = {};
	int err;

	if (t->json)
		return 0;
	if (!go_on)
		t->widths = calloc(t->n_cols, sizeof(*t->widths));
	if (!t->widths || t->text.err)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_cols; i++) {
		unsigned int width = measure(t, i);

		if (width > t->widths[i])
			t->widths[i] = width;
	}
	fit(t);
	if (!go_on)
		put_titles(t, &b);
	for (size_t i = 0; i < t->n; i++)
		put_row(t, &b, &t->rows[i]);
	err = b.err;
	if (!err)
		out_text_verbatim(t->o, b.data, b.len);
	buf_free(&b);
	return err;
}

int table_flush(struct table *t)
{
	int err = table_print(t);

	forget_rows(t);
	return err;
}
