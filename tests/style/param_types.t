#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# A parameter row whose kind does not fit the member's type does not compile, with gcc and clang.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
members='flag u32 u64 i text word ref args'

# compile CC FLAG ROW...: a table with these rows, over a struct with a member of each type
compile()
{
	local cc=$1 limit=$2 where=

	shift 2
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
	} | "$cc" $where "$limit" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -x c -I. - >"$T/log" 2>&1
}

rows='PARAM_FLAG(struct a, %s, "x", "help")	flag
PARAM_U32(struct a, %s, "x", "N", "help")	u32
PARAM_U64(struct a, %s, "x", "N", "help")	u64
PARAM_WORD(struct a, %s, "x", "W", words, "help")	word
PARAM_CHOICE(struct a, %s, "x", "W", words, "help", .flags = PF_REQUIRED)	i
PARAM_PATH(struct a, %s, "x", "F", "help")	word
PARAM_PATHS(struct a, %s, "F", "help")	args
PARAM_IFACE(struct a, %s, "x", "IF", "help")	word
PARAM_REF(struct a, %s, "", "MAP", ref_words_map, "help")	ref
PARAM_CUSTOM(struct a, %s, uint64_t, "x", "X", NULL, "help")	u64
PARAM_TAIL(struct a, %s, "REST", "help")	args'

# All rows with the members that fit, a line each; then each with each of the others.
fit=() unfit=() kinds=()
while IFS=$'\t' read -r row fits; do
	kinds+=("${row%%(*} takes $fits")
	fit+=("${row/\%s/$fits}")
	for member in $members; do
		[ "$member" = "$fits" ] || unfit+=("${row/\%s/$member}")
	done
done <<<"$rows"

# refused: numbers of the lines where the compiler found an error
refused()
{
	sed -n 's/^<stdin>:\([0-9]*\):.*error:.*/\1/p' "$T/log" | sort -nu | xargs
}

for cc in gcc clang; do
	command -v $cc >/dev/null || { skip "$cc" "not installed"; continue; }
	ok "$cc: all that fits compiles" compile "$cc" -O0 "${fit[@]}"
	wrong=" $(refused) "
	for i in "${!kinds[@]}"; do
		unlike "$wrong" " $((i + 1)) " "$cc: ${kinds[i]}"
	done
	[ "$cc" = gcc ] && limit=-fmax-errors=0 || limit=-ferror-limit=0
	compile "$cc" "$limit" "${unfit[@]}"
	wrong=" $(sed -n 's/^<stdin>:\([0-9]*\):.*error:.*negative.*/\1/p' "$T/log" | sort -nu | xargs) "
	for i in "${!kinds[@]}"; do
		is "$(for n in 1 2 3 4 5 6 7; do [[ $wrong == *" $((7 * i + n)) "* ]] && echo -n $n; done)" 1234567 \
			"$cc: ${kinds[i]} and refuses every other type"
	done
done
done_testing
