// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The text comes from the object file: it may be anything. */
#include <ctype.h>

#include "decode/verifier/expr.h"

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The start of the word that ends before i. */
static size_t word_back(struct span s, size_t i)
{
	while (i && is_word(s.at[i - 1]))
		i--;
	return i;
}

/* The bracket that opens the one that closes at i - 1, or i if there is none. */
static size_t bracket_back(struct span s, size_t i)
{
	size_t depth = 0, k = i;

	while (k) {
		char c = s.at[--k];

		if (c == ')' || c == ']')
			depth++;
		else if ((c == '(' || c == '[') && !--depth)
			return k;
	}
	return i;
}

static size_t bracket_on(struct span s, size_t i)
{
	size_t depth = 0, k;

	for (k = i; k < s.len; k++) {
		char c = s.at[k];

		if (c == '(' || c == '[')
			depth++;
		else if ((c == ')' || c == ']') && !--depth)
			return k + 1;
	}
	return i;
}

/* Backwards over "a->b[i].": what a member belongs to. */
static size_t owner_back(struct span s, size_t i)
{
	for (;;) {
		size_t k = i;

		if (k >= 2 && s.at[k - 1] == '>' && s.at[k - 2] == '-')
			k -= 2;
		else if (k && s.at[k - 1] == '.')
			k--;
		else
			return i;
		while (k && (s.at[k - 1] == ')' || s.at[k - 1] == ']')) {
			size_t open = bracket_back(s, k);

			if (open == k)
				return i;
			k = open;
		}
		i = word_back(s, k);
		if (i == k && (k >= s.len || (s.at[k] != '(' && s.at[k] != '[')))
			return i;
	}
}

/* Forwards over "->b", ".c", "[i]", "(...)". */
static size_t members_on(struct span s, size_t i)
{
	for (;;) {
		size_t k = i;

		while (k < s.len && is_word(s.at[k]))
			k++;
		if (k < s.len && (s.at[k] == '[' || s.at[k] == '('))
			k = bracket_on(s, k);
		else if (k + 2 < s.len && s.at[k] == '-' && s.at[k + 1] == '>')
			k += 2;
		else if (k + 1 < s.len && s.at[k] == '.' && is_word(s.at[k + 1]))
			k++;
		if (k == i)
			return i;
		i = k;
	}
}

/* "++", "--", "=", "+=": what stands before them counts; of other operators what follows. */
static size_t skip_operator(struct span s, size_t i)
{
	size_t k = i;

	if (i < s.len && (strchr("+-", s.at[i]) && i + 1 < s.len && s.at[i + 1] == s.at[i] && i &&
			  (is_word(s.at[i - 1]) || strchr("])", s.at[i - 1]))))
		return i - 1;
	if (i + 1 < s.len && i > 1 &&
	    ((s.at[i] == '=' && s.at[i + 1] != '=') ||
	     (strchr("+-*/&|^%", s.at[i]) && s.at[i + 1] == '='))) {
		while (k && isspace((unsigned char)s.at[k - 1]))
			k--;
		return k ? k - 1 : i;
	}
	while (i < s.len && !is_word(s.at[i]) && s.at[i] != '*' && s.at[i] != '(' && s.at[i] != '&')
		i++;
	return i;
}

static bool starts_word(struct span s, size_t i, const char *word)
{
	size_t len = strlen(word);

	return i + len <= s.len && !memcmp(s.at + i, word, len) &&
	       (i + len == s.len || !is_word(s.at[i + len]));
}

static struct span take(struct span line, size_t from, size_t to)
{
	return span_trim((struct span){ line.at + from, to - from });
}

/* "return x;", "if (x)": the column is that of the keyword. */
static size_t skip_keyword(struct span line, size_t i)
{
	static const char *const words[] = { "return", "if", "while", "for", "switch" };
	size_t k;

	for (k = 0; k < ARRAY_SIZE(words); k++) {
		if (!starts_word(line, i, words[k]))
			continue;
		i += strlen(words[k]);
		while (i < line.len && isspace((unsigned char)line.at[i]))
			i++;
		break;
	}
	return i;
}

struct span expr_at(struct span line, uint32_t column)
{
	size_t i = column ? column - 1 : line.len, from, to, stars;

	if (i >= line.len)
		return span_trim(line);
	if (line.at[i] == '}')
		return take(line, i, i + 1);
	i = skip_keyword(line, i);
	i = skip_operator(line, i);
	if (i >= line.len)
		return span_trim(line);
	if (line.at[i] == ')') /* "(*n)++" */
		return take(line, bracket_back(line, i + 1), i + 1);
	if (line.at[i] == ']')
		i = word_back(line, bracket_back(line, i + 1));
	for (stars = i; stars < line.len && (line.at[stars] == '*' || line.at[stars] == '&');)
		stars++;
	if (stars < line.len && line.at[stars] == '(')
		to = bracket_on(line, stars);
	else
		to = stars;
	to = members_on(line, to);
	from = stars > i ? i : owner_back(line, word_back(line, i));
	while (from && line.at[from - 1] == '*' && (from < 2 || !is_word(line.at[from - 2])))
		from--;
	return to > from ? take(line, from, to) : span_trim(line);
}

/* From to up to the next && or || outside of brackets, or the end. */
static size_t part_end(struct span s, size_t i)
{
	for (; i < s.len; i++) {
		if (s.at[i] == '(' || s.at[i] == '[')
			i = bracket_on(s, i) - 1;
		else if (i + 1 < s.len && s.at[i] == s.at[i + 1] &&
			 (s.at[i] == '&' || s.at[i] == '|'))
			break;
	}
	return i;
}

struct span expr_condition(struct span line, uint32_t column)
{
	size_t i, from, to, at = column ? column - 1 : 0;
	struct span whole;

	for (i = 0; i < line.len; i++)
		if (starts_word(line, i, "if") || starts_word(line, i, "while"))
			break;
	while (i < line.len && line.at[i] != '(')
		i++;
	to = i < line.len ? bracket_on(line, i) : i;
	if (to <= i + 1)
		return expr_at(line, column);
	whole = (struct span){ line.at, to - 1 };
	for (from = i + 1; from < whole.len; from = to + 2) {
		to = part_end(whole, from);
		if (at < to || to >= whole.len)
			return take(line, from, to);
	}
	return take(line, i + 1, whole.len);
}

bool expr_is_plain(struct span e)
{
	size_t i;

	for (i = 0; i < e.len; i++)
		if (!is_word(e.at[i]) && !strchr("->.", e.at[i]))
			return false;
	return e.len && !isdigit((unsigned char)*e.at);
}

/* The last "[" or "->" outside of brackets divides it. */
static size_t last_access(struct span e)
{
	size_t i = e.len, open;

	while (i) {
		char c = e.at[i - 1];

		if (c == ')' || c == ']') {
			open = bracket_back(e, i);
			if (c == ']' && open < i)
				return open;
			i = open < i ? open : i - 1;
			continue;
		}
		if (c == '>' && i >= 2 && e.at[i - 2] == '-')
			return i - 2;
		i--;
	}
	return e.len;
}

struct span expr_pointer(struct span e)
{
	size_t i;

	if (e.len > 2 && *e.at == '(' && e.at[e.len - 1] == ')' && e.at[1] == '*')
		e = take(e, 1, e.len - 1);
	if (e.len > 1 && *e.at == '*')
		return span_trim(span_skip(e, 1));
	i = last_access(e);
	if (i == e.len || !i)
		return (struct span){};
	return span_trim((struct span){ e.at, i });
}

struct span expr_index(struct span e)
{
	size_t i = last_access(e), end;

	if (i >= e.len || e.at[i] != '[')
		return (struct span){};
	end = bracket_on(e, i);
	return end > i + 1 ? take(e, i + 1, end - 1) : (struct span){};
}

/* The call of name: the name as a whole word, followed by a bracket. */
static struct span find_call_text(struct span line, struct span name)
{
	struct span s = line;

	while (name.len && s.len >= name.len) {
		const char *at = memmem(s.at, s.len, name.at, name.len);

		if (!at)
			break;
		s = span_skip(s, (size_t)(at - s.at));
		if (s.len > name.len && s.at[name.len] == '(' &&
		    (s.at == line.at || !is_word(s.at[-1])))
			return span_skip(s, name.len);
		s = span_skip(s, name.len);
	}
	return (struct span){};
}

struct span expr_argument(struct span line, struct span name, unsigned int n)
{
	struct span s = find_call_text(line, name);
	size_t from = 1, i, depth = 0;
	unsigned int arg = 1;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '(' || c == '[')
			depth++;
		if (c == ')' || c == ']')
			depth--;
		if ((c != ',' || depth != 1) && (c != ')' || depth))
			continue;
		if (arg == n)
			return take(s, from, i);
		if (c == ')')
			break;
		arg++;
		from = i + 1;
	}
	return (struct span){};
}

static bool is_assignment(struct span line, size_t i)
{
	return line.at[i] == '=' && line.at[i + 1] != '=' && !strchr("=!<>", line.at[i - 1]);
}

struct span expr_assigned(struct span line, uint32_t column)
{
	size_t i, from, found = 0;

	for (i = 1; i + 1 < line.len; i++)
		if (is_assignment(line, i) && (!found || i < column))
			found = i;
	if (!found)
		return (struct span){};
	i = found;
	while (i && (isspace((unsigned char)line.at[i - 1]) || strchr("+-*/&|^%", line.at[i - 1])))
		i--;
	from = owner_back(line, word_back(line, i));
	return from < i ? take(line, from, i) : (struct span){};
}
