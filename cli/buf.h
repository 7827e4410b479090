/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * A growing byte buffer, and what is written to it most: numbers and escaped strings. An error (out
 * of memory) is kept in the buffer and later calls do nothing.
 */
#ifndef CLI_BUF_H
#define CLI_BUF_H

#include <stdarg.h>

#include "cli/defs.h"

struct buf {
	char *data;			/* owned; not NUL-terminated */
	size_t len, cap;
	int err;			/* 0 or -ENOMEM */
};

/* Makes room for n more bytes; false (and err set) if out of memory. */
bool buf_grow(struct buf *b, size_t n);
static inline bool buf_room(struct buf *b, size_t n)
{
	return b->cap - b->len >= n || buf_grow(b, n);
}

static inline void buf_put(struct buf *b, const void *data, size_t n)
{
	if (!n || !buf_room(b, n))
		return;
	memcpy(b->data + b->len, data, n);
	b->len += n;
}

static inline void buf_putc(struct buf *b, char c)
{
	if (buf_room(b, 1))
		b->data[b->len++] = c;
}

static inline void buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

/* As printf() formats it. */
void buf_fmt(struct buf *b, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void buf_vfmt(struct buf *b, const char *fmt, va_list ap) FORMAT_PRINTF(2, 0);

void buf_fill(struct buf *b, char c, size_t n);
void buf_uint(struct buf *b, uint64_t v);
void buf_int(struct buf *b, int64_t v);

/* A JSON string in quotes: escapes, control bytes as \u00NN, invalid UTF-8 as \\xNN. */
void buf_json_str(struct buf *b, const char *s, size_t len);

/* Length of the valid UTF-8 sequence at p (2 to 4), or 0. Surrogates and overlong forms are
 * invalid. */
size_t utf8_len(const uint8_t *p, size_t left);

/* For a terminal: control bytes and invalid UTF-8 as \xNN, backslashes stay. */
void buf_text_str(struct buf *b, const char *s, size_t len);

/*
 * The same into size bytes, truncated before a character that does not fit, with a NUL. Allocates
 * no memory, so that it can report a lack of it. Returns buf.
 */
char *text_escape(char *buf, size_t size, const char *s);
/* The same for lines of source and logs: tabs stay too. */
void buf_text_line(struct buf *b, const char *s, size_t len);
char *text_escape_line(char *buf, size_t size, const char *s);

/* "0x01","0xff" without brackets, separated by commas. */
void buf_hex_bytes(struct buf *b, const uint8_t *data, size_t len);

static inline void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){};
}

#endif
