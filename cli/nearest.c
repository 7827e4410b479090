// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Distance between words, and lists of them. */
#include <stdarg.h>

#include "cli/nearest.h"

#define WORD_LEN_MAX 64		/* longer ones are not compared */

/* Edit distance; swapping two neighbours is one step. Both at most WORD_LEN_MAX long. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[3][WORD_LEN_MAX + 1];
	unsigned int *two = rows[0], *prev = rows[1], *cur = rows[2], *swap;
	size_t len_b = strlen(b);

	for (size_t j = 0; j <= len_b; j++)
		prev[j] = two[j] = (unsigned int)j;
	for (size_t i = 1; a[i - 1]; i++) {
		cur[0] = (unsigned int)i;
		for (size_t j = 1; j <= len_b; j++) {
			unsigned int best = prev[j - 1] + (a[i - 1] != b[j - 1]);

			best = prev[j] + 1 < best ? prev[j] + 1 : best;
			best = cur[j - 1] + 1 < best ? cur[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = two[j - 2] + 1 < best ? two[j - 2] + 1 : best;
			cur[j] = best;
		}
		swap = two;
		two = prev;
		prev = cur;
		cur = swap;
	}
	return prev[len_b];
}

/* "unpin" and "pin", "attach" and "detach": close to each other, but opposites. */
static bool is_opposite(const char *a, const char *b)
{
	static const char *const pairs[][2] = {
		{ "un", "" }, { "at", "de" }, { "im", "ex" }, { "en", "dis" }
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		for (int j = 0; j < 2; j++)
			if (has_prefix(a, pairs[i][j]) && has_prefix(b, pairs[i][!j]) &&
			    streq(a + strlen(pairs[i][j]), b + strlen(pairs[i][!j])))
				return true;
	return false;
}

/*
 * Near means: one edit in a short word, two in a longer one, and never a completely different word
 * or the opposite.
 */
void nearest_try(struct nearest *n, const char *candidate)
{
	size_t len = strlen(n->word);
	size_t other = strnlen(candidate, WORD_LEN_MAX + 1);
	unsigned int d;

	if (!len || len > WORD_LEN_MAX || other > WORD_LEN_MAX || other + 2 < len ||
	    len + 2 < other || is_opposite(n->word, candidate))
		return;
	d = distance(n->word, candidate);
	if (d > (len < 4 ? 1 : 2) || d >= other || (n->best && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}

void add_word(char *buf, size_t size, const char *fmt, ...)
{
	static const char more[] = "...";
	size_t len = strlen(buf), at = len ? len + 2 : 0;
	va_list ap;
	int n;

	if (at + sizeof(more) > size || (len >= 3 && streq(buf + len - 3, more)))
		return;
	if (len)
		memcpy(buf + len, ", ", 3);
	va_start(ap, fmt);
	n = vsnprintf(buf + at, size - at, fmt, ap);
	va_end(ap);
	if (n < 0 || at + (size_t)n + sizeof(", ...") > size)
		memcpy(buf + at, more, sizeof(more));
}
