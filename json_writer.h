/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The output writer: one call, two renditions. Nothing else writes command data.
 *
 * Every call says what the datum is called in JSON and how it reads in text. The writer owns
 * separators, line starts, nesting, escaping and record boundaries, so that stdout is one valid
 * document whatever happens: what is composed reaches stdout only at the end of a record, and
 * a torn record is dropped. Write and memory errors stick and surface once, in out_close().
 *
 * Text rules. A record that stands alone or in an unlabelled list is a block: it starts on a line
 * of its own and ends with a newline. Items in a line are separated by two blanks (one after
 * out_id). A list with a label is an item whose scalars are joined by ",", whose records by ", "
 * (inside these, items are put together verbatim). A record under a key is transparent.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <stdarg.h>

#include "cli/defs.h"

struct out;
struct err;

enum out_mode { OUT_TEXT, OUT_JSON, OUT_PRETTY, OUT_JSONL };

/* Write to fd (not owned). NULL when out of memory. */
struct out *out_open(int fd, enum out_mode mode);
/* Another one, in the same rendition: for a document that goes to a file (see view/output.h). */
struct out *out_open_like(const struct out *o, int fd);
/* Flush and free. 0, or the first write or memory error (negative errno). NULL is fine. */
int out_close(struct out *o);
/* What is whole goes to the file now (between commands of a batch). 0 or the sticky error. */
int out_flush(struct out *o);
/*
 * Could something not be composed (no memory)? What was not whole is dropped, the writer can be
 * used again, and the error is returned; 0 when all is well. Before out_end(), which then shows the
 * error.
 */
int out_recover(struct out *o);
/* The sticky error so far, for long loops to stop early (a closed pipe, a full disk). */
int out_failed(const struct out *o);

/* A part of the output was composed elsewhere, which failed (err; 0: it did not): the record under
 * way is torn. */
void out_torn(struct out *o, int err);
/* True with -j, -p, --jsonl. For the few places that must do different work. */
bool out_is_json(const struct out *o);
/* JSON without blanks (-j, --jsonl), where out_json_verbatim() may stand: no error waits for what
 * comes next. */
bool out_is_compact(const struct out *o);

/*
 * One command's data lies between out_begin() and out_end(). Success without data prints null
 * (text: nothing). With an error (e->code != 0): the torn record is dropped, the open list gets
 * {"error","errno","hint","log"} as its last element; before the first element, that object is the
 * document. Scopes nest under a key: that is how batch wraps commands.
 */
void out_begin(struct out *o);
void out_end(struct out *o, const struct err *e);
/*
 * {"error":...}, for what could not be read while the rest goes on (text: nothing): an element
 * where a list is open; in a record its last member, "errors":[{"error":...}]; before there is any
 * data it waits for the list or record to come.
 */
void out_error(struct out *o, const struct err *e);
/*
 * One bad object in a listing: remember out_depth() before composing; when that failed,
 * out_rollback() drops what was composed since the last whole record, and, the error reported,
 * out_unwind() closes what is still open above that depth.
 */
unsigned int out_depth(const struct out *o);
void out_rollback(struct out *o);
void out_unwind(struct out *o, unsigned int depth);

/*
 * Containers. key is NULL at the top and in lists. label: NULL for a list of blocks, else what
 * comes before the elements in text. The top list streams: each element is released when whole.
 * out_stream() is a list inside a record that streams too (with --jsonl its elements are lines).
 */
void out_list(struct out *o, const char *key, const char *label);
void out_list_end(struct out *o);
void out_stream(struct out *o, const char *key);
void out_stream_end(struct out *o);
void out_rec(struct out *o, const char *key);
void out_rec_end(struct out *o);

/* Items, both renditions. fmt takes one conversion: %llu, %llx, %lld or %s. */
#define out_uint(o, key, fmt, v)                                                                   \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (unsigned long long)(v));                                      \
		out_uint_fmt(o, key, fmt, v);                                                      \
	} while (0)
/* The same with the words for one and for many. */
#define out_count(o, key, one, many, v)                                                            \
	do {                                                                                       \
		if (0)                                                                             \
			printf(one, (unsigned long long)(v));                                      \
		if (0)                                                                             \
			printf(many, (unsigned long long)(v));                                     \
		out_uint_fmt(o, key, plural(v, one, many), v);                                     \
	} while (0)
#define out_int(o, key, fmt, v)                                                                    \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (long long)(v));                                               \
		out_int_fmt(o, key, fmt, v);                                                       \
	} while (0)
#define out_str(o, key, fmt, v)                                                                    \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (const char *)(v));                                            \
		out_str_fmt(o, key, fmt, v);                                                       \
	} while (0)
/* The name if it is known, else the number; text: fmt takes %s ("%s" alone: "<key> <number>"). */
#define out_enum(o, key, fmt, name, number)                                                        \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (const char *)(name));                                         \
		out_enum_fmt(o, key, fmt, name, number);                                           \
	} while (0)
void out_uint_fmt(struct out *o, const char *key, const char *fmt, uint64_t v);
void out_int_fmt(struct out *o, const char *key, const char *fmt, int64_t v);
void out_str_fmt(struct out *o, const char *key, const char *fmt, const char *v);
void out_enum_fmt(struct out *o, const char *key, const char *fmt, const char *name,
		  uint64_t number);
void out_id(struct out *o, const char *key, uint64_t id);	/* "7:" */
void out_flag(struct out *o, const char *key, const char *word, bool v); /* word, or nothing */
void out_bool(struct out *o, const char *key, const char *yes, const char *no, bool v);

/* Text only. out_item is an item like the others; out_text stands where it is put. */
void out_item(struct out *o, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void out_text(struct out *o, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void out_text_str(struct out *o, const char *s);	/* verbatim place, escaped content */
/* "src":"...", or in text lead and the line: its tabs stay, other control bytes are escaped as
 * ever. */
void out_source(struct out *o, const char *key, const char *lead, const char *line);
void out_line(struct out *o);			/* the next item begins a new line, after a tab */
void out_break(struct out *o, const char *indent);	/* the same, with any indent */
void out_sep(struct out *o, const char *sep);	/* put this, not two blanks, before the next item */

/*
 * Lists and records in JSON only: in text their contents stand where the list or record would
 * begin.
 */
void out_json_list(struct out *o, const char *key);
void out_json_list_end(struct out *o);
void out_json_rec(struct out *o, const char *key);
void out_json_rec_end(struct out *o);

/* JSON only. key is NULL in lists. */
void out_json_uint(struct out *o, const char *key, uint64_t v);
void out_json_int(struct out *o, const char *key, int64_t v);
void out_json_str(struct out *o, const char *key, const char *v);
void out_json_strn(struct out *o, const char *key, const char *v, size_t len);
void out_json_bool(struct out *o, const char *key, bool v);
void out_json_null(struct out *o, const char *key);
/* A token that is JSON already (a float, a number too wide for 64 bits). Not escaped. */
void out_json_raw(struct out *o, const char *key, const char *token);

/* [1,255] in JSON; nothing in text. */
void out_json_numbers(struct out *o, const char *key, const uint8_t *data, size_t len);
/* ["0x01","0xff"] in JSON; nothing in text. */
void out_json_bytes(struct out *o, const char *key, const void *data, size_t len);
/* "01 ff" in text, 16 a line, a double blank after the 8th; nothing in JSON. */
void out_text_bytes(struct out *o, const void *data, size_t len);

/*
 * Text only: bytes from elsewhere that are the command's whole output, as they are. They leave at
 * once, and no line end is put behind them.
 */
void out_text_raw(struct out *o, const void *data, size_t len);

/*
 * A tree: typed data. Between these, text shows what JSON would hold, in the pretty layout, and
 * the container and out_json_* calls work in both renditions. out_bare() is a token that is put
 * without quotes in text and as a string in JSON (0x1f of a bit-field).
 */
void out_tree(struct out *o);
void out_tree_end(struct out *o);
void out_bare(struct out *o, const char *key, const char *token);

void out_key(struct out *o, const char *key);	/* the next value stands under this key */

/*
 * For decoders that print millions of values, where a measurement asks for it: a token (or several,
 * well formed and joined by commas) composed by the caller, put as it is. In a list or a record
 * whose members are all put this way; with -p and in trees use the calls above.
 */
void out_json_verbatim(struct out *o, const char *text, size_t len);
/* The same for text: whole lines, escaped by the caller, where out_text() would stand. */
void out_text_verbatim(struct out *o, const char *text, size_t len);

/*
 * Escape for text: control bytes and invalid UTF-8 as \xNN. Writes at most size bytes with the
 * NUL, cutting before an escape that does not fit; returns buf.
 */
char *out_escape(char *buf, size_t size, const char *s);

#endif
