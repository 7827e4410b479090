// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Objects of a JSON file, one at a time. See map/file.h. */
#include <endian.h>
#include <errno.h>

#include "map/file.h"

#define CHUNK (256 * 1024)
#define LONGEST (64 * 1024 * 1024)

/* Appends more bytes. Returns 1, 0 at the end of the file, or a negative errno. */
static int read_more(struct map_file *f)
{
	ssize_t n;

	if (f->at) {
		memmove(f->data, f->data + f->at, f->end - f->at);
		f->end -= f->at;
		f->at = 0;
	}
	if (f->cap - f->end < CHUNK) {
		char *data = f->cap > LONGEST ? NULL : realloc(f->data, f->cap * 2 + CHUNK);

		if (!data)
			return -ENOMEM;
		f->data = data;
		f->cap = f->cap * 2 + CHUNK;
	}
	do {
		n = read(f->fd, f->data + f->end, f->cap - f->end);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	f->end += (size_t)n;
	return n > 0;
}

static int fail_file(struct map_file *f, const char *why)
{
	f->why = why;
	return -EINVAL;
}

/* What is valid before the next entry: true if c is, and then what is valid next. */
static bool step(struct map_file *f, char c)
{
	bool closes = c == ']' && (f->where == FILE_OPENED || f->where == FILE_BEHIND);

	if (closes) {
		f->where = FILE_OUTSIDE;
	} else if (c == '[' && f->where == FILE_OUTSIDE) {
		f->where = FILE_OPENED;
	} else if (c == ',' && f->where == FILE_BEHIND) {
		f->where = FILE_COMMA;
	} else {
		return false;
	}
	return true;
}

static int fail_char(struct map_file *f)
{
	static const char *const whys[] = {
		[FILE_OUTSIDE] = "expected a JSON object or an array of them",
		[FILE_OPENED] = "expected a JSON object or ']'",
		[FILE_BEHIND] = "expected ',' or ']' after the entry",
		[FILE_COMMA] = "expected a JSON object after ','",
	};

	f->line = f->next_line;
	return fail_file(f, whys[f->where]);
}

/* Skips to the next object: blanks, and separators between the elements of an array. */
static int skip_blanks(struct map_file *f)
{
	int more = 1;

	while (more > 0) {
		for (; f->at < f->end; f->at++) {
			char c = f->data[f->at];

			if (c == '{' && f->where != FILE_BEHIND)
				return 1;
			if (!step(f, c) && !(c && strchr(" \t\r\n", c)))
				return fail_char(f);
			f->next_line += c == '\n';
		}
		more = read_more(f);
	}
	f->line = f->next_line;
	if (!more && f->where != FILE_OUTSIDE)
		return fail_file(f, "the file ends within an array: missing ']'");
	return more;
}

struct scan {
	size_t at;			/* from the start of the object */
	unsigned int depth;
	bool quoted, escaped;		/* state of the character at at */
	uint64_t lines;
};

#define EACH(c) (0x0101010101010101ULL * (uint8_t)(c))	/* eight copies of c */

/* In eight bytes: the highest bit of each that is c. */
static uint64_t bytes_that_are(uint64_t eight, char c)
{
	uint64_t x = eight ^ EACH(c);

	return ~(((x & EACH(0x7f)) + EACH(0x7f)) | x | EACH(0x7f));
}

/* Number of bits set by bytes_that_are(). */
static unsigned int count_bytes(uint64_t bits)
{
	return (unsigned int)((bits >> 7) * EACH(1) >> 56);
}

/* The bytes after backslashes that are not escaped themselves. */
static uint64_t find_escaped(struct scan *s, uint64_t backslashes)
{
	uint64_t ret = s->escaped ? 0x80 : 0;

	s->escaped = false;
	for (backslashes &= ~ret; backslashes;) {
		uint64_t first = backslashes & -backslashes;

		s->escaped = !(first << 8);
		ret |= first << 8;
		backslashes &= ~(first | first << 8);
	}
	return ret;
}

/*
 * Do these eight bytes contain a bracket or a backslash? '_', '|' and a few more are false
 * positives.
 */
static bool may_nest(uint64_t eight)
{
	return (((eight | EACH(0x20)) & EACH(0x7f)) + EACH(0x80 - '{')) & EACH(0x80);
}

/*
 * Advances by eight bytes, if the object does not end in them. Each byte is represented by a bit,
 * the first byte by the lowest.
 */
static bool scan_eight(struct scan *s, const char *text)
{
	uint64_t eight, quotes, backslashes, opening, closing, quoted;
	const struct scan was = *s;

	memcpy(&eight, text + s->at, sizeof(eight));
	eight = le64toh(eight);
	quotes = bytes_that_are(eight, '"');
	s->lines += count_bytes(bytes_that_are(eight, '\n'));
	s->at += sizeof(eight);
	if (!s->escaped && !may_nest(eight)) {
		s->quoted ^= count_bytes(quotes) & 1;
		return true;
	}
	backslashes = bytes_that_are(eight, '\\');
	if (backslashes || s->escaped)
		quotes &= ~find_escaped(s, backslashes);
	quoted = quotes ^ quotes << 8;
	quoted ^= quoted << 16;
	quoted ^= quoted << 32;
	quoted ^= s->quoted ? EACH(0x80) : 0;
	opening = bytes_that_are(eight | EACH(0x20), '{') & ~quoted;
	closing = bytes_that_are(eight | EACH(0x20), '}') & ~quoted;
	if (closing && count_bytes(closing) >= s->depth) {
		*s = was;
		return false;
	}
	s->quoted = quoted >> 63;
	s->depth += count_bytes(opening) - count_bytes(closing);
	return true;
}

/* One byte: does the object end with it? */
static bool scan_byte(struct scan *s, char c)
{
	bool escaped = s->escaped;

	s->at++;
	s->escaped = !escaped && c == '\\';
	s->lines += c == '\n';
	s->quoted ^= c == '"' && !escaped;
	if (s->quoted)
		return false;
	s->depth += c == '{' || c == '[';
	return (c == '}' || c == ']') && --s->depth == 0;
}

/* Does the object end within len bytes? */
static bool scan_object(struct scan *s, const char *text, size_t len)
{
	size_t i, stop;

	while (s->at < len) {
		if (len - s->at >= 8 && s->depth && scan_eight(s, text))
			continue;
		stop = len - s->at < 8 ? len : s->at + 8;
		for (i = s->at; i < stop; i++)
			if (scan_byte(s, text[i]))
				return true;
	}
	return false;
}

int map_file_next(struct map_file *f, const char **ret, size_t *ret_len)
{
	struct scan s = {};
	int err;

	if (!f->next_line)
		f->next_line = 1;
	err = skip_blanks(f);
	if (err <= 0)
		return err;
	f->line = f->next_line;
	while (!scan_object(&s, f->data + f->at, f->end - f->at)) {
		err = read_more(f);
		if (err <= 0)
			return err ? err
				   : fail_file(f,
					       "the file ends within the entry that begins here");
	}
	*ret = f->data + f->at;
	*ret_len = s.at;
	f->at += s.at;
	f->next_line += s.lines;
	if (f->where != FILE_OUTSIDE)
		f->where = FILE_BEHIND;
	return 1;
}

void map_file_free(struct map_file *f)
{
	free(f->data);
	*f = (struct map_file){ .fd = -1 };
}
