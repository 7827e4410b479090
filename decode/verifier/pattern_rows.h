/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Words that rows of the table share. */
#ifndef DECODE_VERIFIER_PATTERN_ROWS_H
#define DECODE_VERIFIER_PATTERN_ROWS_H

#include "decode/verifier/inquiry.h"

#define SRC CLASS_SOURCE
#define COMP CLASS_COMPILER
#define ENV CLASS_ENVIRONMENT
#define LIM CLASS_LIMIT
#define BUG CLASS_BUG

#define CHECK_NULL "compare {ptr} with NULL before this line: if (!{ptr}) return ...;"
#define BOUND_INDEX                                                                                \
	"bound the index just before the access (if ({index} >= N) return ...;), "                 \
	"or mask it with a power of two minus 1"
#define UNSIGNED                                                                                   \
	"make {len} unsigned and give it an upper limit (if ({len} > MAX) return ...;), "          \
	"or mask it with a power of two minus 1"
#define INIT_ALL "initialise all of it, padding included: '= {}' or __builtin_memset()"
#define RECOMPILE "compile it again, with -O2"
#define RELEASE "call {release} on every path after {call}, error paths included"

/* Both end with a row without a line. */
extern const struct pattern patterns_of_values[], patterns_of_code[];

#endif
