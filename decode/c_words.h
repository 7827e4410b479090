/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Words of C that are not names, for writers of C. */
#ifndef DECODE_C_WORDS_H
#define DECODE_C_WORDS_H

#include "cli/defs.h"

/* A keyword of C, up to C23 and with GNU's: not a valid name of a member, a type or a value. */
bool c_is_keyword(const char *word);

#endif
