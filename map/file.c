// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Objects of a file of JSON, one at a time. See map/file.h. */
#include <errno.h>

#include "map/file.h"

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
	return n > 0;
}

static int fail_file(struct map_file *f, const char *why)
{
	f->why = why;
	return -EINVAL;
}

/* What may stand where the next entry is looked for: true if c does, and what may come then. */
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

/* Up to the next object: blanks, and what stands between the elements of an array. */
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
		return fail_file(f, "the file ends within an array: its ']' is missing");
	return more;
}

struct scan {
	size_t at;			/* from the beginning of the object */
	unsigned int depth;
	bool quoted;
	uint64_t lines;
};

/* Strings end at the first quote that is not escaped. */
static bool scan_string(struct scan *s, const char *text, size_t len)
{
	while (s->at < len) {
		char c = text[s->at];

		if (c == '"') {
			s->at++;
			s->quoted = false;
			return true;
		}
		s->at += c == '\\' ? 2 : 1;
	}
	return false;
}

/* What matters outside of strings. */
static bool is_plain(char c)
{
	static const bool matters[256] = {
		['"'] = true, ['\n'] = true, ['{'] = true, ['['] = true, ['}'] = true, [']'] = true, [' '] = true,
	};

	return !matters[(uint8_t)c];
}

static void skip_plain(struct scan *s, const char *text, size_t len)
{
	while (s->at < len) {
		if (text[s->at] == ' ' && len - s->at >= 8 && !memcmp(text + s->at, "        ", 8))
			s->at += 8;
		else if (text[s->at] == ' ' || is_plain(text[s->at]))
			s->at++;
		else
			break;
	}
}

/* Has the object ended within len bytes? */
static bool scan_object(struct scan *s, const char *text, size_t len)
{
	while (s->at < len) {
		char c;

		if (s->quoted && !scan_string(s, text, len))
			return false;
		skip_plain(s, text, len);
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
	err = skip_blanks(f);
	if (err <= 0)
		return err;
	f->line = f->next_line;
	while (!scan_object(&s, f->data + f->at, f->end - f->at)) {
		err = read_more(f);
		if (err <= 0)
			return err ? err : fail_file(f, "the file ends within the entry that begins here");
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
