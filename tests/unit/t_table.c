// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Tables: widths, optional columns, lines between rows, escapes; and the same calls in JSON. */
#include <sys/mman.h>

#include "cli/err.h"
#include "json_writer.h"
#include "view/owner.h"
#include "view/table.h"
#include "tap.h"

enum { ID, NAME, KIND, NOTE, N };

static const struct table_col cols[N] = {
	[ID] = { "id", "ID", 4, 0 },
	[NAME] = { "name", "Name", 0, 0 },
	[KIND] = { "kind", "Kind", 0, TABLE_OPTIONAL },
	[NOTE] = { NULL, "Note", 0, TABLE_OPTIONAL },
};

static void check(enum out_mode mode, void (*fill)(struct out *o, struct table *t),
		  const char *want, const char *what)
{
	int fd = memfd_create("out", 0);
	struct out *o = out_open(fd, mode);
	auto_table struct table *t = table_new(o, cols, N);
	auto_free char *got = calloc(1, 65536);

	out_begin(o);
	out_list(o, NULL, NULL);
	fill(o, t);
	out_list_end(o);
	is_int(table_print(t), 0, "is printed");
	out_end(o, NULL);
	out_close(o);
	ok(pread(fd, got, 65535, 0) >= 0, "is read back");
	is_str(got, want, what);
	close(fd);
}

static void nothing(struct out *o, struct table *t)
{
	(void)o;
	(void)t;
}

static void two(struct out *o, struct table *t)
{
	(void)o;
	table_row(t);
	table_uint(t, ID, 7);
	table_str(t, NAME, "a");
	table_row_end(t);
	table_row(t);
	table_uint(t, ID, 123456);
	table_str(t, NAME, "");
	table_row_end(t);
}

static void optional(struct out *o, struct table *t)
{
	two(o, t);
	table_row(t);
	table_uint(t, ID, 8);
	table_enum(t, KIND, NULL, 99);
	table_row_end(t);
	table_row(t);
	table_uint(t, ID, 9);
	table_str(t, NAME, "grün");
	table_enum(t, KIND, "known", 1);
	table_text(t, NOTE, "n%d", 1);
	table_row_end(t);
}

static void line(struct out *o, struct table *t, const char *text)
{
	table_line_of(t, "{text}");
	out_str(o, "text", "%s", text);
	table_cell_end(t);
}

static void lines(struct out *o, struct table *t)
{
	line(o, t, "a line that is wider than all of the columns");
	two(o, t);
	line(o, t, "b\033[31m");
	table_indent(t, 4);
	two(o, t);
}

/* A cell of several data, and what is in one rendition only. */
static void cells(struct out *o, struct table *t)
{
	for (int i = 0; i < 2; i++) {
		table_row(t);
		table_nonzero(t, ID, (uint64_t)i);
		table_cell(t, NAME, "{b} ({a}B)");
		out_uint(o, "a", "%llu", (uint64_t)i);
		out_str(o, "b", "%s", "x\033");
		out_uint(o, "c", "%llu", (uint64_t)3);
		table_cell_end(t);
		table_bool(t, KIND, "on", "", i);
		table_str(t, NOTE, NULL);
		table_row_end(t);
	}
}

static void hostile(struct out *o, struct table *t)
{
	(void)o;
	table_row(t);
	table_str(t, NAME, "x\n\033[2Jy");
	table_str(t, KIND, "k");
	table_row_end(t);
}

static void many(struct out *o, struct table *t)
{
	(void)o;
	for (int i = 0; i < 1000; i++) {
		table_row(t);
		table_uint(t, ID, i % 10);
		table_row_end(t);
	}
}

/* Printed rows do not come again; later rows only widen columns. */
static void flushed(struct out *o, struct table *t)
{
	two(o, t);
	is_int(table_flush(t), 0, "is flushed");
	two(o, t);
	table_row(t);
	table_uint(t, ID, 12345678);
	table_str(t, NAME, "b");
	table_row_end(t);
}

static void flushed_all(struct out *o, struct table *t)
{
	two(o, t);
	table_flush(t);
	table_flush(t);
}

static const struct table_col fitted[N] = {
	[ID] = { NULL, "ID", 0, TABLE_RIGHT },
	[NAME] = { NULL, "Name", 0, TABLE_CUT },
	[KIND] = { NULL, "Kind", 0, TABLE_CUT | TABLE_OPTIONAL },
	[NOTE] = { NULL, "Note", 0, 0 },
};

/* What fit() makes of one row and a line, in so many columns. */
static void check_fit(unsigned int width, const char *name, const char *want, const char *what)
{
	int fd = memfd_create("out", 0);
	struct out *o = out_open(fd, OUT_TEXT);
	auto_table struct table *t = table_new(o, fitted, N);
	char got[1024] = "";

	out_begin(o);
	table_fit(t, width);
	table_row(t);
	table_uint(t, ID, 7);
	table_str(t, NAME, name);
	table_str(t, KIND, "abcdefghijklmnopqrstuvwxyz");
	table_str(t, NOTE, "n");
	table_row_end(t);
	table_line_of(t, "{line}");
	out_str(o, "line", "%s", "a line is never cut: it is as long as it is");
	table_cell_end(t);
	is_int(table_print(t), 0, "is printed");
	out_end(o, NULL);
	out_close(o);
	ok(pread(fd, got, sizeof(got) - 1, 0) >= 0, "is read back");
	is_str(got, want, what);
	close(fd);
}

static void fits(void)
{
	static const char line[] = "a line is never cut: it is as long as it is\n";
	char want[1024];

	snprintf(want, sizeof(want), "ID  Name  Kind                        Note\n"
				     " 7  x     abcdefghijklmnopqrstuvwxyz  n\n%s", line);
	check_fit(0, "x", want, "without a limit nothing is cut; numbers end in one column");
	check_fit(42, "x", want, "nor where it fits exactly");
	snprintf(want, sizeof(want), "ID  Name  Kind                  Note\n"
				     " 7  x     abcdefghijklmnopqrs…  n\n%s", line);
	check_fit(36, "x", want, "the widest column is cut");
	snprintf(want, sizeof(want), "ID  Name      Kind      Note\n"
				     " 7  grüün d…  abcdefg…  n\n%s", line);
	check_fit(20, "grüün die Wiese", want,
		  "not below eight; a character is never cut in two");
}

/* Holders look the same in a cell, on a line and in a message. */
static const struct owner holders[] = { { .id = 7, .pid = 12, .comm = "ba\033sh" },
					{ .id = 7, .pid = 13, .comm = "sh" } };

static void held(struct out *o, struct table *t)
{
	table_row(t);
	table_uint(t, ID, 7);
	table_owners(o, t, NOTE, holders, 2);
	table_row_end(t);
	table_row(t);
	table_owners(o, t, NOTE, NULL, 0);
	table_row_end(t);
}

int main(void)
{
	char *rows = calloc(1, 65536), *at = rows, text[PROCESS_TEXT_MAX];

	check(OUT_TEXT, nothing, "ID   Name\n", "no rows: the titles");
	check(OUT_JSON, nothing, "[]\n", "no rows: an empty list");
	check(OUT_TEXT, two, "ID     Name\n7      a\n123456\n",
	      "as wide as the widest, no blanks at the end");
	check(OUT_TEXT, cells, "ID   Name       Kind\n     x\\x1b (0B)\n1    x\\x1b (1B) on\n",
	      "cells of several data");
	check(OUT_JSON, cells,
	      "[{\"id\":0,\"a\":0,\"b\":\"x\\u001b\",\"c\":3,\"kind\":false},"
	      "{\"id\":1,\"a\":1,\"b\":\"x\\u001b\",\"c\":3,\"kind\":true}]\n",
	      "whose data are members of the record");
	check(OUT_TEXT, flushed, "ID     Name\n7      a\n123456\n7        a\n123456\n12345678 b\n",
	      "in two parts");
	check(OUT_TEXT, flushed_all, "ID     Name\n7      a\n123456\n", "flushed to the end");
	check(OUT_JSON, two, "[{\"id\":7,\"name\":\"a\"},{\"id\":123456,\"name\":\"\"}]\n",
	      "records");
	check(OUT_TEXT, optional,
	      "ID     Name Kind  Note\n7      a\n123456\n8           99\n9      grün known n1\n",
	      "columns that are there when something is in them; a character is one place");
	check(OUT_JSON, optional,
	      "[{\"id\":7,\"name\":\"a\"},{\"id\":123456,\"name\":\"\"},{\"id\":8,\"kind\":99},"
	      "{\"id\":9,\"name\":\"grün\",\"kind\":\"known\"}]\n",
	      "a number for what has no name; notes are text");
	check(OUT_TEXT, lines,
	      "ID     Name\na line that is wider than all of the columns\n7      "
	      "a\n123456\nb\\x1b[31m\n"
	      "    7      a\n    123456\n",
	      "lines between rows, and rows that stand in");
	check(OUT_TEXT, hostile, "ID   Name          Kind\n     x\\x0a\\x1b[2Jy k\n",
	      "what is in a cell stays in it; an empty first one is blanks");
	check(OUT_TEXT, held, "ID   Name Note\n7         ba\\x1bsh(12), sh(13)\n\n",
	      "holders in a cell");
	check(OUT_JSON, held, "[{\"id\":7,\"pids\":[{\"pid\":12,\"comm\":\"ba\\u001bsh\"},"
	      "{\"pid\":13,\"comm\":\"sh\"}]},{\"pids\":[]}]\n", "holders in JSON");
	is_str(process_text(text, 4, NULL), "pid 4 gone", "a holder that has ended");
	at += sprintf(at, "ID   Name\n");
	for (int i = 0; i < 1000; i++)
		at += sprintf(at, "%d\n", i % 10);
	check(OUT_TEXT, many, rows, "many rows");
	fits();
	free(rows);
	return tap_done();
}
