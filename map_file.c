// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Objects of a file of JSON, one at a time. See map_file.h. */
#include <errno.h>

#include "map_file.h"

#define CHUNK (256 * 1024)
#define LONGEST (64 * 1024 * 1024)

/* More bytes behind those that are there. 1, 0 at the end of the file, or a negative errno. */
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
	f->at_eof = n == 0;
	return n > 0;
}

/* Up to the next object: blanks, and what stands between the elements of an array. */
static int skip_blanks(struct map_file *f)
{
	int more = 1;

	while (more > 0) {
		for (; f->at < f->end; f->at++) {
			char c = f->data[f->at];

			f->next_line += c == '\n';
			if (c == '{')
				return 1;
			if (!strchr(" \t\r\n,[]", c) || !c)
				return -EINVAL;
		}
		more = read_more(f);
	}
	return more;
}

struct scan {
	size_t at;			/* from the beginning of the object */
	unsigned int depth;
	bool quoted;
	uint64_t lines;
};

/* Strings end at the first quote that is not escaped: memchr() is faster than looking at each byte. */
static bool scan_string(struct scan *s, const char *text, size_t len)
{
	while (s->at < len) {
		const char *quote = memchr(text + s->at, '"', len - s->at);
		const char *slash;

		if (!quote)
			quote = text + len;
		slash = memchr(text + s->at, '\\', (size_t)(quote - (text + s->at)));
		if (slash) {
			s->at = (size_t)(slash - text) + 2;
			continue;
		}
		s->at = (size_t)(quote - text) + (quote < text + len);
		s->quoted = quote == text + len;
		return !s->quoted;
	}
	return false;
}

/* Has the object ended within len bytes? */
static bool scan_object(struct scan *s, const char *text, size_t len)
{
	while (s->at < len) {
		char c;

		if (s->quoted && !scan_string(s, text, len))
			return false;
		if (s->at >= len)
			return false;
		c = text[s->at++];
		s->quoted = c == '"';
		s->lines += c == '\n';
		if (c == '{' || c == '[')
			s->depth++;
		if ((c == '}' || c == ']') && --s->depth == 0)
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
	f->line = f->next_line;
	err = skip_blanks(f);
	f->line = f->next_line;
	if (err <= 0)
		return err;
	while (!scan_object(&s, f->data + f->at, f->end - f->at)) {
		err = read_more(f);
		if (err <= 0)
			return err ? err : -EINVAL;
	}
	*ret = f->data + f->at;
	*ret_len = s.at;
	f->at += s.at;
	f->next_line += s.lines;
	return 1;
}

void map_file_free(struct map_file *f)
{
	free(f->data);
	*f = (struct map_file){ .fd = -1 };
}
