// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Identifiers in C and C++, from arbitrary names. */
#include "gen/names.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>

#include "decode/c_words.h"

/* Macros that <errno.h>, <stddef.h> and gcc itself define are treated like C keywords. */
static const char *const macros[] = { "errno", "linux", "NULL", "offsetof", "unix", NULL };

static const char *const cpp_words[] = {
	"and",	      "and_eq",	     "bitand",	  "bitor",
	"catch",      "char8_t",     "char16_t",  "char32_t",
	"class",      "co_await",    "co_return", "co_yield",
	"compl",      "concept",     "consteval", "constinit",
	"const_cast", "decltype",    "delete",	  "dynamic_cast",
	"explicit",   "export",	     "friend",	  "mutable",
	"namespace",  "new",	     "noexcept",  "not",
	"not_eq",     "operator",    "or",	  "or_eq",
	"private",    "protected",   "public",	  "reinterpret_cast",
	"requires",   "static_cast", "template",  "this",
	"throw",      "try",	     "typeid",	  "typename",
	"using",      "virtual",     "wchar_t",	  "xor",
	"xor_eq",     NULL
};

static bool in_list(const char *const *list, const char *word)
{
	while (*list && !streq(*list, word))
		list++;
	return *list;
}

static bool is_c_word(const char *word)
{
	return c_is_keyword(word) || in_list(macros, word);
}

static bool is_ident_char(char c)
{
	return c == '_' || (isascii(c) && isalnum((unsigned char)c));
}

static bool has_ident_form(const char *name)
{
	if (!*name || isdigit((unsigned char)*name))
		return false;
	while (is_ident_char(*name))
		name++;
	return !*name;
}

static bool is_c_ident(const char *name)
{
	return has_ident_form(name) && !is_c_word(name);
}

bool c_name_is_ident(const char *name)
{
	return is_c_ident(name) && !in_list(cpp_words, name);
}

char *c_name_mend(const char *name)
{
	bool prefix = !*name || isdigit((unsigned char)*name);
	bool suffix = is_c_word(name) || in_list(cpp_words, name);
	char *ret, *at;

	if (asprintf(&ret, "%s%s%s", prefix ? "_" : "", name, suffix ? "_" : "") < 0)
		return NULL;
	for (at = ret; *at; at++)
		if (!is_ident_char(*at))
			*at = '_';
	return ret;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_word(void *word)
{
	(void)word;
}

/* 1: it was free, and is now taken; 0: it is taken. It must outlive the tree. */
static int take_word(void **tree, const char *word)
{
	if (tfind(word, tree, compare_words))
		return 0;
	return tsearch(word, tree, compare_words) ? 1 : -ENOMEM;
}

/*
 * number: continues over all names of one call, so that a thousand equal names do not take a
 * million attempts. A name that must be changed gets the next free number.
 */
static int take_mended(void **tree, struct c_name *name, unsigned int *number)
{
	auto_free char *plain = c_name_mend(name->from);
	int taken = -ENOMEM;

	if (!plain)
		return -ENOMEM;
	name->ident = strdup(plain);
	while (name->ident) {
		taken = take_word(tree, name->ident);
		if (taken)
			break;
		c_name_free(name);
		if (asprintf(&name->ident, "%s_%u", plain, ++*number) < 0)
			name->ident = NULL;
	}
	return taken < 0 ? taken : 0;
}

/* First the valid ones: a changed name must not take theirs. */
static int take_right(void **tree, struct c_name *name)
{
	int taken;

	if (!is_c_ident(name->from))
		return 0;
	taken = take_word(tree, name->from);
	if (taken <= 0)
		return taken;
	name->c_only = in_list(cpp_words, name->from);
	if (name->c_only)
		return 0;
	name->ident = strdup(name->from);
	return name->ident ? 0 : -ENOMEM;
}

int c_names_fill(struct c_name *const *names, size_t n)
{
	unsigned int number = 1;
	void *tree = NULL;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < n; i++)
		err = take_right(&tree, names[i]);
	for (i = 0; !err && i < n; i++)
		if (!names[i]->ident)
			err = take_mended(&tree, names[i], &number);
	tdestroy(tree, keep_word);
	return err;
}

void c_name_free(struct c_name *name)
{
	free(name->ident);
	name->ident = NULL;
}
