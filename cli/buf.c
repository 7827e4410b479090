// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A growing byte buffer, and numbers and escaped strings in it. Dumps write hundreds of megabytes
 * through it, so the common cases are tables and plain copies.
 */
#include <errno.h>

#include "cli/buf.h"

bool buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 4096;
	char *data;

	if (b->err)
		return false;
	while (cap - b->len < n) {
		if (cap > SIZE_MAX / 2) {
			b->err = -ENOMEM;
			return false;
		}
		cap *= 2;
	}
	data = realloc(b->data, cap);
	if (!data) {
		b->err = -ENOMEM;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void buf_vfmt(struct buf *b, const char *fmt, va_list ap)
{
	size_t room = 128;
	va_list again;
	int n = -1;

	va_copy(again, ap);
	if (buf_room(b, room))
		n = vsnprintf(b->data + b->len, room, fmt, ap);
	if (n >= (int)room && buf_room(b, (size_t)n + 1))
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
	if (n > 0 && !b->err)
		b->len += (size_t)n;
	va_end(again);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(b, fmt, ap);
	va_end(ap);
}

void buf_fill(struct buf *b, char c, size_t n)
{
	if (!n || !buf_room(b, n))
		return;
	memset(b->data + b->len, c, n);
	b->len += n;
}

static const char digit_pairs[] = "00010203040506070809"
				  "10111213141516171819"
				  "20212223242526272829"
				  "30313233343536373839"
				  "40414243444546474849"
				  "50515253545556575859"
				  "60616263646566676869"
				  "70717273747576777879"
				  "80818283848586878889"
				  "90919293949596979899";

static unsigned int n_digits(uint64_t v)
{
	unsigned int n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

void buf_uint(struct buf *b, uint64_t v)
{
	char *p;

	if (!buf_room(b, 20))
		return;
	b->len += n_digits(v);
	for (p = b->data + b->len; v >= 100; v /= 100) {
		p -= 2;
		memcpy(p, digit_pairs + v % 100 * 2, 2);
	}
	if (v >= 10)
		memcpy(p - 2, digit_pairs + v * 2, 2);
	else
		p[-1] = (char)('0' + v);
}

void buf_int(struct buf *b, int64_t v)
{
	if (v < 0) {
		buf_putc(b, '-');
		buf_uint(b, 0 - (uint64_t)v);
	} else {
		buf_uint(b, (uint64_t)v);
	}
}

size_t utf8_len(const uint8_t *p, size_t left)
{
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	size_t i;

	if (p[0] < 0xc2 || p[0] > 0xf4 || left < n)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

/* C1 control characters (U+0080 to U+009F) control terminals as their 7-bit forms do. */
static bool is_c1(const uint8_t *p)
{
	return p[0] == 0xc2 && p[1] < 0xa0;
}

static void put_escape(struct buf *b, const char *lead, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	const char text[2] = { hex[c >> 4], hex[c & 15] };

	buf_puts(b, lead);
	buf_put(b, text, 2);
}

static void json_special(struct buf *b, uint8_t c)
{
	static const char named[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
				      ['\r'] = 'r' };

	if (c == '"' || c == '\\') {
		buf_putc(b, '\\');
		buf_putc(b, (char)c);
	} else if (c < sizeof(named) && named[c]) {
		buf_putc(b, '\\');
		buf_putc(b, named[c]);
	} else if (c < 0x80) {
		put_escape(b, "\\u00", c);
	} else {
		put_escape(b, "\\\\x", c);
	}
}

static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void buf_json_str(struct buf *b, const char *s, size_t len)
{
	const uint8_t *p = (const uint8_t *)s, *end = p + len, *run;

	buf_putc(b, '"');
	while (p < end) {
		size_t n;

		for (run = p; p < end && is_plain(*p); p++)
			;
		buf_put(b, run, (size_t)(p - run));
		if (p == end)
			break;
		n = *p >= 0x80 ? utf8_len(p, (size_t)(end - p)) : 0;
		if (n && is_c1(p))
			put_escape(b, "\\u00", p[1]);
		else if (n)
			buf_put(b, p, n);
		else
			json_special(b, *p);
		p += n ? n : 1;
	}
	buf_putc(b, '"');
}

/* kept: a control character that is not escaped; or 0. */
static void put_text(struct buf *b, const char *s, size_t len, uint8_t kept)
{
	const uint8_t *p = (const uint8_t *)s, *end = p + len;

	while (p < end) {
		size_t n = *p >= 0x80 ? utf8_len(p, (size_t)(end - p)) : 0;

		if ((*p >= 0x20 && *p < 0x7f) || (n && !is_c1(p)) || (kept && *p == kept)) {
			n = n ? n : 1;
			buf_put(b, p, n);
		} else {
			n = 1;
			put_escape(b, "\\x", *p);
		}
		p += n;
	}
}

static char *put_fixed(char *buf, size_t size, const char *s, uint8_t kept)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = (const uint8_t *)s, *end = p + strlen(s);
	size_t len = 0;

	while (p < end) {
		size_t n = *p >= 0x80 ? utf8_len(p, (size_t)(end - p)) : 0;
		const char escape[4] = { '\\', 'x', hex[*p >> 4], hex[*p & 15] };
		bool plain = (*p >= 0x20 && *p < 0x7f) || (n && !is_c1(p)) || (kept && *p == kept);
		size_t put = !plain ? sizeof(escape) : n ? n : 1;

		if (len + put >= size)
			break;
		memcpy(buf + len, plain ? (const char *)p : escape, put);
		len += put;
		p += plain ? put : 1;
	}
	buf[len] = '\0';
	return buf;
}

char *text_escape(char *buf, size_t size, const char *s)
{
	return put_fixed(buf, size, s, 0);
}

char *text_escape_line(char *buf, size_t size, const char *s)
{
	return put_fixed(buf, size, s, '\t');
}

void buf_text_str(struct buf *b, const char *s, size_t len)
{
	put_text(b, s, len, 0);
}

void buf_text_line(struct buf *b, const char *s, size_t len)
{
	put_text(b, s, len, '\t');
}

void buf_hex_bytes(struct buf *b, const uint8_t *data, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	char *p;
	size_t i;

	if (!len || !buf_room(b, len * 7 + 1))
		return;
	p = b->data + b->len;
	for (i = 0; i < len; i++, p += 7) {
		/* "0xNN", as one 8-byte store; the next one overwrites the eighth byte */
		memcpy(p, "\"0x00\",", 8);
		p[3] = hex[data[i] >> 4];
		p[4] = hex[data[i] & 15];
	}
	b->len += len * 7 - 1;		/* without the last comma */
}
