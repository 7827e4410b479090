// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Keywords of C99, C11, C23 and GNU C. */
#include "decode/c_words.h"

static const char *const words[] = {
	"auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else",
	"enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "register",
	"restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef",
	"union", "unsigned", "void", "volatile", "while", "_Alignas", "_Alignof", "_Atomic",
	"_Bool", "_Complex", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
	"_Thread_local", "alignas", "alignof", "bool", "constexpr", "false", "nullptr",
	"static_assert", "thread_local", "true", "typeof", "typeof_unqual", "_BitInt", "_Decimal32",
	"_Decimal64", "_Decimal128", "asm", "__alignof__", "__asm__", "__attribute__",
	"__auto_type", "__builtin_offsetof", "__builtin_va_arg", "__complex__", "__const",
	"__extension__", "__inline", "__inline__", "__int128", "__label__", "__restrict",
	"__signed__", "__thread", "__typeof__", "__volatile__",
};

/*
 * Most names have another first character, or are longer: a header of the kernel asks 500000 times.
 */
bool c_is_keyword(const char *word)
{
	size_t len = strlen(word);

	if (len < 2 || len > sizeof("__builtin_va_arg") + 1)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i][0] == word[0] && words[i][1] == word[1] && streq(words[i], word))
			return true;
	return false;
}
