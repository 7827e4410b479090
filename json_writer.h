/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The output writer: one call, two renditions. Nothing else writes command data.
 *
 * Every call has the JSON key of a datum and its text format. The writer handles separators, line
 * starts, nesting, escaping and record boundaries, so that stdout is always one valid document:
 * composed data reaches stdout only at the end of a record, and an incomplete record is dropped.
 * Write and memory errors are kept and returned once, by out_close().
 *
 * Text rules. A record at the top or in an unlabelled list is a block: it starts on a new line and
 * ends with a newline. Items in a line are separated by two blanks (one after out_id). A list with
 * a label is an item; its scalars are joined by ",", its records by ", " (inside these, items are
 * joined verbatim). A record under a key is transparent.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <stdarg.h>

#include "cli/defs.h"

struct buf;
struct out;
struct err;

enum out_mode { OUT_TEXT, OUT_JSON, OUT_PRETTY, OUT_JSONL };

/* Writes to fd (not owned). NULL if out of memory. */
struct out *out_open(int fd, enum out_mode mode);
/* For text that is taken (out_form_take()) and escaped by the caller: it writes nothing itself. */
struct out *out_open_plain(void);
/* Another writer in the same rendition: for a document that goes to a file (see view/output.h). */
struct out *out_open_like(const struct out *o, int fd);
/*
 * Flushes and frees. Returns 0, or the first write or memory error (negative errno). NULL is
 * allowed.
 */
int out_close(struct out *o);
/* Writes what is complete (between commands of a batch). Returns 0 or the stored error. */
int out_flush(struct out *o);
/*
 * Could something not be composed (out of memory)? Drops what is incomplete, makes the writer
 * usable again, and returns the error; 0 if there is none. Called before out_end(), which then
 * shows the error.
 */
int out_recover(struct out *o);
/* The stored error so far, so that long loops can stop early (a closed pipe, a full disk). */
int out_failed(const struct out *o);

/*
 * A part of the output was composed elsewhere, and failed (err; 0: it did not): the current record
 * is incomplete.
 */
void out_torn(struct out *o, int err);
/* True with -j, -p, --jsonl. For the few places that must do different work. */
bool out_is_json(const struct out *o);
/*
 * JSON without blanks (-j, --jsonl), where out_json_verbatim() is allowed: no error waits for the
 * next element.
 */
bool out_is_compact(const struct out *o);

/*
 * A command's data is composed between out_begin() and out_end(). Success without data prints null
 * (text: nothing). With an error (e->code != 0), the incomplete record is dropped and the open list
 * gets {"error","errno","hint","log"} as its last element; before the first element, that object is
 * the document. Scopes nest under a key: this is how batch wraps commands.
 */
void out_begin(struct out *o);
void out_end(struct out *o, const struct err *e);
/*
 * {"error":...}, for something that could not be read while the command continues (text: nothing):
 * an element of the open list; the last member of a record, "errors":[{"error":...}]; before there
 * is any data it waits for the next list or record.
 */
void out_error(struct out *o, const struct err *e);
/*
 * One bad object in a listing: save out_depth() before composing; on failure, out_rollback() drops
 * what was composed since the last complete record, and, after the error is reported, out_unwind()
 * closes what is still open above that depth.
 */
unsigned int out_depth(const struct out *o);
void out_rollback(struct out *o);
void out_unwind(struct out *o, unsigned int depth);

/*
 * Containers. key is NULL at the top and in lists. label: NULL for a list of blocks, else the text
 * before the elements. The top list streams: each element is released when complete. out_stream()
 * is a list inside a record that streams, too (with --jsonl its elements are lines).
 */
void out_list(struct out *o, const char *key, const char *label);
void out_list_end(struct out *o);
/* A list of blocks preceded by a line (or lines) in text; NULL: none. Ends with out_list_end(). */
void out_section(struct out *o, const char *key, const char *heading);
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
/* The same, but nothing in text if it is 0: for values that matter only if set. */
#define out_nonzero(o, key, fmt, v)                                                                \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (unsigned long long)(v));                                      \
		out_nonzero_fmt(o, key, fmt, v);                                                   \
	} while (0)
/* The same as out_uint with words for singular and plural. */
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
/* NULL: null in JSON, nothing in text. */
#define out_str(o, key, fmt, v)                                                                    \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (const char *)(v));                                            \
		out_str_fmt(o, key, fmt, v);                                                       \
	} while (0)
/* The same for a token that is valid JSON (a float, an integer wider than 64 bits). */
#define out_raw(o, key, fmt, token)                                                                \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (const char *)(token));                                        \
		out_raw_fmt(o, key, fmt, token);                                                   \
	} while (0)
/* The name if it is known, else the number; text: fmt has one %s ("%s" alone: "<key> <number>"). */
#define out_enum(o, key, fmt, name, number)                                                        \
	do {                                                                                       \
		if (0)                                                                             \
			printf(fmt, (const char *)(name));                                         \
		out_enum_fmt(o, key, fmt, name, number);                                           \
	} while (0)
void out_uint_fmt(struct out *o, const char *key, const char *fmt, uint64_t v);
void out_nonzero_fmt(struct out *o, const char *key, const char *fmt, uint64_t v);
void out_int_fmt(struct out *o, const char *key, const char *fmt, int64_t v);
void out_str_fmt(struct out *o, const char *key, const char *fmt, const char *v);
void out_raw_fmt(struct out *o, const char *key, const char *fmt, const char *token);
void out_enum_fmt(struct out *o, const char *key, const char *fmt, const char *name,
		  uint64_t number);
void out_id(struct out *o, const char *key, uint64_t id);	/* "7:" */
void out_flag(struct out *o, const char *key, const char *word, bool v); /* word, or nothing */
void out_bool(struct out *o, const char *key, const char *yes, const char *no, bool v);
/* Bytes: ["0x01","0xff"], or lead and "01 ff", 16 per line, a double blank after the 8th. */
void out_bytes(struct out *o, const char *key, const char *lead, const void *data, size_t len);

/*
 * A form: how its items are combined in text, "{addr} {func}{module}"; JSON has them in the order
 * of the calls, as members of the open record. The text of an item, by its format, replaces its key
 * (also that of a list or a record). A missing item is empty, "{name|id}" is the first that has
 * text, "{, id}" is preceded by ", " unless it is the first, "{}" is the item without a key (a form
 * within); items that the form does not contain are in JSON only. The form as a whole is an item.
 * At most 24 items, at most 4 nested forms.
 */
void out_form(struct out *o, const char *form);
void out_form_end(struct out *o);
/* Instead of out_form_end(): the text is appended to b, not written (JSON: nothing). */
void out_form_take(struct out *o, struct buf *b);

/* Text only. out_item is an item like the others; out_text is placed verbatim. */
void out_item(struct out *o, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void out_text(struct out *o, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/*
 * "src":"...", or in text lead and the line: its tabs stay, other control bytes are escaped as
 * usual.
 */
void out_source(struct out *o, const char *key, const char *lead, const char *line);
void out_line(struct out *o);			/* the next item starts a new line, after a tab */
void out_break(struct out *o, const char *indent);	/* the same, with any indent */
void out_sep(struct out *o, const char *sep);	/* the next item follows this, not two blanks */
/* In the open record or list, items have their separators in their formats. */
void out_no_sep(struct out *o);

/* Lists and records in JSON only: in text their contents are placed directly. */
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
/* A token that is valid JSON (a float, an integer wider than 64 bits). Not escaped. */
void out_json_raw(struct out *o, const char *key, const char *token);

/* [1,255] in JSON; nothing in text. */
void out_json_numbers(struct out *o, const char *key, const uint8_t *data, size_t len);
/* ["0x01","0xff"] in JSON; nothing in text. */
void out_json_bytes(struct out *o, const char *key, const void *data, size_t len);
/* "01 ff" in text, 16 per line, a double blank after the 8th; nothing in JSON. */
void out_text_bytes(struct out *o, const void *data, size_t len);

/*
 * Text only: foreign bytes that are the command's whole output, unchanged. They are written at
 * once, without a newline after them.
 */
void out_text_raw(struct out *o, const void *data, size_t len);

/*
 * A tree: typed data. Between these, text shows what JSON would contain, in the pretty layout, and
 * the container and out_json_* calls work in both renditions. out_bare() is a token without quotes
 * in text and a string in JSON (0x1f of a bit-field).
 */
void out_tree(struct out *o);
void out_tree_end(struct out *o);
void out_bare(struct out *o, const char *key, const char *token);

void out_key(struct out *o, const char *key);	/* the next value belongs to this key */

/*
 * For decoders that print millions of values and need the speed: a token (or several valid ones,
 * joined by commas) composed by the caller, written verbatim. Only in a list or a record whose
 * members are all written this way; with -p and in trees use the calls above.
 */
void out_json_verbatim(struct out *o, const char *text, size_t len);
/* The same for text: whole lines, escaped by the caller, instead of out_text(). */
void out_text_verbatim(struct out *o, const char *text, size_t len);

/*
 * Escapes for text: control bytes and invalid UTF-8 as \xNN. Writes at most size bytes including
 * the NUL, truncated before an escape that does not fit; returns buf.
 */
char *out_escape(char *buf, size_t size, const char *s);

#endif
