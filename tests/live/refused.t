#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Programs that the verifier refuses (tests/progs/refused): what the error says against what their
# sources say: category, class, a problem, a suggestion, the line that is refused and the one to change.
# The last checks are of all of them together: how many are explained, how many causes are right.

. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
need setpriv

progs=$TOP/tests/progs/refused
min_explained=95
min_causes=90
without_perfmon=(setpriv "--bounding-set=-perfmon,-sys_admin" --inh-caps=-all --)

# A line a program: name, category and class, causes, refused lines, capabilities. Line 2 of a source is
# "/* CATEGORY, CLASS, pattern N: TEXT. */".
read_sources()
{
	# shellcheck disable=SC2016 # awk
	awk -v OFS='\t' '
	function flush() { if (name) print name, kind, causes, places, caps }
	FNR == 1 { flush(); name = FILENAME; sub(/.*\//, "", name); sub(/\.bpf\.c$/, "", name)
		   kind = causes = places = "-"; caps = "all" }
	FNR == 2 { split(substr($0, 4), part, ", "); kind = part[1] ", " part[2]; next }
	FNR == 3 && /CAPS=none/ { caps = "none"; next }
	/\/\* CAUSE/ { causes = causes " " FNR }
	/\/\* .*REFUSED \*\// { places = places " " FNR }
	END { flush() }' "$progs"/*.bpf.c
}

# Next to each other, and each program once: this is many processes.
compile_all()
{
	local f name

	for f in "$progs"/*.bpf.c; do
		name=${f##*/}
		name=${name%.bpf.c}
		if bpf_cc "$f" "$T/part.o" -g >/dev/null 2>&1; then
			mv "$T/part.o" "$T/$name.o"
		else
			: >"$T/$name.none"
		fi
	done
}

load_one()
{
	local name=$1 caps=$2
	local -a as=()

	[ "$caps" = all ] || as=("${without_perfmon[@]}")
	"${as[@]}" "$BPFCTL" -j prog load "$T/$name.o" "$BPFFS/accepted" >"$T/$name.json" 2>"$T/$name.err" || return 0
	rm -f "$T/$name.json" "$BPFFS/accepted"
}

# A line an answer: name, category and class, is explained, line, line of the cause, message, error
answers()
{
	jq -r '[(input_filename | sub(".*/"; "") | sub(".json$"; "")), (.verifier // {} |
	       (.category // "-") + ", " + (.class // "-"),
	       ((.problem // "") != "" and (.suggestion // "") != ""),
	       (.at.line // 0), (.cause.line // 0), (.kernel_message // "-")), .error // "-"] |
	       map(tostring | gsub("[\t\n]"; " ")) | join("\t")' "$T"/*.json
}

# near LINE MARKED...: at most three lines from one of these
near()
{
	local line=$1 l

	shift
	for l in "$@"; do
		[ "$line" = 0 ] || [ "$l" = - ] || [ $((line > l ? line - l : l - line)) -gt 3 ] || return 0
	done
	return 1
}

expected=()
n=0 n_explained=0 n_causes=0 missed=()
check_one()
{
	local name=$1 want=$2 causes=$3 places=$4
	local kind=$5 explained=$6 at=$7 cause=$8 message=$9

	n=$((n + 1))
	is "$kind" "$want" "$name: category and class"
	is "$explained" true "$name: a problem and a suggestion ($message)" && n_explained=$((n_explained + 1))
	# shellcheck disable=SC2086 # line numbers
	if near "$cause" $causes; then
		n_causes=$((n_causes + 1))
	else
		missed+=("$name: the cause given is line $cause, marked are $causes")
	fi
	[ "$places" = - ] && return
	# shellcheck disable=SC2086
	near "$at" $places
	result $? "$name: line $at is refused (marked are $places)"
}

compile_all &
while IFS=$'\t' read -r name kind causes places caps; do
	wait_until eval "[ -e '$T/$name.o' ] || [ -e '$T/$name.none' ]"
	if [ -e "$T/$name.o" ]; then
		load_one "$name" "$caps"
		[ -e "$T/$name.json" ] || skip "$name" "this kernel accepts it"
	else
		skip "$name" "this compiler refuses it"
	fi
	expected[${#expected[@]}]="$name"$'\t'"$kind"$'\t'"$causes"$'\t'"$places"
done < <(read_sources)
wait $!

is "$(cat "$T"/*.err)" '' "nothing on stderr"
answers >"$T/answers"
declare -A of
while IFS= read -r line; do
	of[${line%%$'\t'*}]=${line#*$'\t'}
done <"$T/answers"
for line in "${expected[@]}"; do
	IFS=$'\t' read -r name want causes places <<<"$line"
	[ -e "$T/$name.json" ] || continue
	IFS=$'\t' read -r kind explained at cause message error <<<"${of[$name]:-}"
	if [[ $kind = "-, -" && ! $error =~ ^load\ program|refused ]]; then
		skip "$name" "not refused by the verifier: ${error:0:100}"
	else
		check_one "$name" "$want" "$causes" "$places" "$kind" "$explained" "$at" "$cause" "$message"
	fi
done

[ "$n" -gt 0 ] || skip_all "no program is refused here"
diag "explained: $n_explained of $n ($((100 * n_explained / n)) %)"
diag "cause within three lines: $n_causes of $n ($((100 * n_causes / n)) %)"
for line in "${missed[@]}"; do
	diag "$line"
done
ok "at least $min_explained % are explained" test $((100 * n_explained)) -ge $((min_explained * n))
ok "of at least $min_causes % the cause is found" test $((100 * n_causes)) -ge $((min_causes * n))
nothing_left "no program or pin is left"
done_testing
