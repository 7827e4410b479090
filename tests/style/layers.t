#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Arrows between the layers point one way: every #include is in layers.table, or this fails.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1

declare -A may lib_may
while IFS=: read -r place allowed; do
	case $place in
	'' | \#*) ;;
	\<*) lib_may[$place]=" $allowed " ;;
	*) may[$place]=" $allowed " ;;
	esac
done <tests/style/layers.table

# cli/err.h: cli; prog_load.c: command; main.c: main
place_of()
{
	local name=${1##*/}

	case $1 in
	*/*) echo "${1%%/*}" ;;
	commands.h) echo commands ;;
	json_*) echo json_writer ;;
	*) [ -n "${may[${name%.*}]:-}" ] && echo "${name%.*}" || echo command ;;
	esac
}

group_of()
{
	local name=${1%.*}

	echo "${name%%_*}"
}

# edge FILE INCLUDED: silence, or what is wrong
edge()
{
	local from to

	from=$(place_of "$1")
	to=$(place_of "$2")
	[ "$from" != command ] && [ "$from" = "$to" ] && return
	[ "$from$to" = commandcommand ] && [ "$(group_of "$1")" = "$(group_of "$2")" ] && return
	[ "$from" = commands ] && return
	[[ ${may[$from]:-} == *" $to "* ]] || echo "$1 ($from) includes $2 ($to)"
}

library()
{
	local from prefix

	from=$(place_of "$1")
	for prefix in "${!lib_may[@]}"; do
		[[ $2 == "$prefix"* ]] || continue
		[[ ${lib_may[$prefix]} == *" $from "* ]] || echo "$1 ($from) includes $2>"
	done
}

edges=0
for file in *.[ch] cli/*.[ch] kern/*.[ch] decode/*.[ch]; do
	wrong=
	while read -r included; do
		edges=$((edges + 1))
		case $included in
		\<*) w=$(library "$file" "${included%>}") ;;
		*)	path=$(realpath -m --relative-to=. "$(dirname "$file")/$included")
			[ -e "$path" ] || path=$included
			w=$(edge "$file" "$path") ;;
		esac
		wrong=$wrong${w:+$w$'\n'}
	done < <(sed -n 's/^#[ \t]*include[ \t]*\("\([^"]*\)"\|\(<[^>]*>\)\).*/\2\3/p' "$file")
	is "$wrong" '' "$file"
done
ok "includes were found" [ $edges -gt 50 ]
is "$(edge kern/obj.c decode/insn.h)" "kern/obj.c (kern) includes decode/insn.h (decode)" "a new edge is seen"
is "$(edge map.c prog.h)" "map.c (command) includes prog.h (command)" "one command in another is seen"
is "$(library cli/args.c '<bpf/bpf.h')" "cli/args.c (cli) includes <bpf/bpf.h>" "a library in the wrong layer is seen"
done_testing
