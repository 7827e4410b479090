#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# A parameter row whose kind does not fit the member's type does not compile, with gcc and clang.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
members='flag u32 u64 i text word ref args'

# compile CC ROW...: a table with these rows, over a struct with a member of each type
compile()
{
	local cc=$1 where=

	shift
	[ "$cc" = gcc ] && where=-ftrack-macro-expansion=0	# errors name the row, not the macro
	{
		cat <<-EOF
			#include "cli/cmd.h"
			struct a {
				bool flag;
				uint32_t u32;
				uint64_t u64;
				int i;
				char *text;
				const char *word;
				struct ref ref;
				struct args args;
			};
			extern const char *const words[];
			const char *const words[] = { "a", NULL };
			extern const struct param params[];
			const struct param params[] = {
			#line 1
		EOF
		printf '%s,\n' "$@" '{ }'
		echo '};'
	} | "$cc" $where -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -x c -I. - >"$T/log" 2>&1
}

# row KIND FITS ARGUMENTS: the member that fits compiles; each of the others is an error of its own
row()
{
	local kind=$1 fits=$2 arguments=$3 member wrong=()

	ok "$cc: $kind takes $fits" compile "$cc" "$kind(struct a, $fits, $arguments)"
	for member in $members; do
		[ "$member" = "$fits" ] || wrong+=("$kind(struct a, $member, $arguments)")
	done
	compile "$cc" "${wrong[@]}"
	is "$(sed -n 's/^<stdin>:\([0-9]*\):.*error:.*negative.*/\1/p' "$T/log" | sort -nu | xargs)" \
		'1 2 3 4 5 6 7' "$cc: $kind refuses every other type"
}

for cc in gcc clang; do
	command -v $cc >/dev/null || { skip "$cc" "not installed"; continue; }
	row PARAM_FLAG flag '"x", "help"'
	row PARAM_U32 u32 '"x", "N", "help"'
	row PARAM_U64 u64 '"x", "N", "help"'
	row PARAM_WORD word '"x", "W", words, "help"'
	row PARAM_CHOICE i '"x", "W", words, "help", .flags = PF_REQUIRED'
	row PARAM_PATH word '"x", "F", "help"'
	row PARAM_PATHS args '"F", "help"'
	row PARAM_IFACE word '"x", "IF", "help"'
	row PARAM_REF ref '"", "MAP", ref_words_map, "help"'
	row PARAM_CUSTOM u64 'uint64_t, "x", "X", NULL, "help"'
	row PARAM_TAIL args '"REST", "help"'
done
done_testing
