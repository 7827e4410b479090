// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Patterns of lines, in the manner of scanf() but for text that has no end mark. */
#include <ctype.h>

#include "decode/verifier/text.h"

struct span span_skip(struct span s, size_t n)
{
	if (n > s.len)
		n = s.len;
	if (!n)
		return s;		/* perhaps there is none */
	return (struct span){ s.at + n, s.len - n };
}

bool span_starts(struct span s, const char *lead)
{
	size_t len = strlen(lead);

	return s.len >= len && !memcmp(s.at, lead, len);
}

bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && span_starts(s, text);
}

struct span span_find(struct span s, const char *text)
{
	const char *at = s.len ? memmem(s.at, s.len, text, strlen(text)) : NULL;

	if (!at)
		return (struct span){};
	return span_skip(s, (size_t)(at - s.at));
}

struct span span_trim(struct span s)
{
	while (s.len && isspace((unsigned char)*s.at))
		s = span_skip(s, 1);
	while (s.len && isspace((unsigned char)s.at[s.len - 1]))
		s.len--;
	return s;
}

struct span span_line(struct span s)
{
	const char *end = s.len ? memchr(s.at, '\n', s.len) : NULL;

	if (end)
		s.len = (size_t)(end - s.at);
	return s;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

int64_t span_number(struct span s, size_t *ret_len)
{
	size_t i = s.len && *s.at == '-', first;
	bool minus = i;
	int base = 10;
	uint64_t v = 0;

	if (i + 1 < s.len && s.at[i] == '0' && s.at[i + 1] == 'x') {
		base = 16;
		i += 2;
	}
	for (first = i; i < s.len && digit(s.at[i]) < base; i++)
		v = v * base + (uint64_t)digit(s.at[i]);
	*ret_len = i > first ? i : 0;
	return (int64_t)(minus ? -v : v);
}

static bool keep(struct match *m, struct span text, int64_t number)
{
	if (m->n >= MATCH_MAX)
		return false;
	m->text[m->n] = text;
	m->number[m->n++] = number;
	return true;
}

static bool match_rest(const char *p, struct span s, struct match *m);

/* %s: the shortest text after which the rest fits. */
static bool match_text(const char *rest, struct span s, struct match *m)
{
	unsigned int n = m->n;
	size_t len;

	if (!*rest)
		return keep(m, s, 0);
	for (len = 0; len <= s.len; len++) {
		if (len < s.len && *rest != '%' && s.at[len] != *rest)
			continue;
		m->n = n;
		if (keep(m, (struct span){ s.at, len }, 0) &&
		    match_rest(rest, span_skip(s, len), m))
			return true;
	}
	return false;
}

static bool match_rest(const char *p, struct span s, struct match *m)
{
	size_t len;
	int64_t v;

	for (; *p; p++) {
		if (*p != '%' || p[1] == '%') {
			p += *p == '%';
			if (!s.len || *s.at != *p)
				return false;
			s = span_skip(s, 1);
			continue;
		}
		if (*++p == 's')
			return match_text(p + 1, s, m);
		v = span_number(s, &len);
		if (!len || (*p == 'r' && (v < 0 || v > 10)) ||
		    !keep(m, (struct span){ s.at, len }, v))
			return false;
		if (*p == 'r' && m->reg == NO_REG)
			m->reg = (int)v;
		s = span_skip(s, len);
	}
	return true;
}

bool text_match(const char *pattern, struct span line, struct match *ret)
{
	struct match m = { .reg = NO_REG };

	if (!match_rest(pattern, line, &m))
		return false;
	if (ret)
		*ret = m;
	return true;
}
