#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Failures that are not the verifier's, by cause (tests/why/*.case): the first line of the error names the
# cause, the hint what to do, and doing so helps. A case is a block of lines:
#
#	cause TEXT		begins it
#	c LINE			a source, compiled to $O (-O2 -g; flags FLAGS: others instead of -g)
#	needs COMMAND		skips the case if this fails
#	before COMMAND		what must be there first
#	run WORD...		of bpfctl, as the shell expands them, with and without -j
#	as WORD...		before bpfctl
#	status N		1 if it is not said
#	error REGEX		in the first line		hint REGEX	in the hint
#	helps COMMAND		what the hint advises, which must succeed: "again SED" loads the changed source
#	after COMMAND		removes what is left
#
# SHOW=1 prints what is reported, and compares nothing. ONLY=REGEX: those causes.

. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

O=$T/o.o P=$BPFFS/p
export O P
without_caps=(setpriv --bounding-set=-all --inh-caps=-all --)

fresh()
{
	cause='' source='' flags=-g needs='' run='' as='' want=1 error='' hint='' helps='' before=() after=()
}

compile()
{
	[ -n "$source" ] || return 0
	printf '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n%s' "$source" >"$T/o.c"
	# shellcheck disable=SC2086 # words
	bpf_cc "$T/o.c" "$O" $flags 2>"$T/cc.err"
}

# again SED [FLAG...]: the source changed, compiled and loaded
again()
{
	source=$(sed -e "$1" <<<"$source")
	shift
	rm -f "$P"
	[ $# = 0 ] || flags=$*
	compile && "$BPFCTL" prog load "$O" "$P"
}

# Shell words of a case are the tests' own.
run_case()
{
	eval "run $as \"\$BPFCTL\" $1 $run"
}

# err_line, hint_line: what was reported, either way
read_report()
{
	err_line=$(sed -n 's/^Error: //p' <<<"$err" | head -n 1)
	hint_line=$(sed -n 's/^\(Hint\|help\): //p' <<<"$err" | head -n 1)
}

# Names of this run in a pattern
words()
{
	echo "${1//\$\{PFX\}/$PFX}"
}

# Where policy forbids tracing programs, root or not.
fentry_is_denied()
{
	compile && ! "$BPFCTL" prog load "$O" "$P" && "$BPFCTL" -j prog load "$O" "$P" | jq -e '.errno == "EPERM"'
}

check_text()
{
	read_report
	status "$want" "$cause: status $want"
	like "$err_line" "$(words "$error")" "$cause: the error names it"
	[ -z "$hint" ] || like "$hint_line" "$(words "$hint")" "$cause: the hint"
}

check_json()
{
	json_ok "$cause: one JSON document"
	like "$(jq -r .error <<<"$out")" "$(words "$error")" "$cause: its error too"
}

check_case()
{
	local line

	[[ -n $cause && $cause =~ ${ONLY:-.} ]] || return 0
	rm -f "$O"
	for line in "${before[@]}"; do
		eval "$line" >/dev/null 2>&1
	done
	if [ -n "$needs" ] && ! eval "$needs" >/dev/null 2>&1; then
		skip "$cause" "not to be had here"
	elif ! compile; then
		skip "$cause" "this compiler refuses it: $(head -n 1 "$T/cc.err")"
	elif [ -n "${SHOW:-}" ]; then
		run_case ''
		printf '%s\n' "== $cause ($status)" "$out" "$err" | grep -v '^$' | head -n 12
	else
		run_case ''
		check_text
		run_case -j
		check_json
		[ -z "$helps" ] || ok "$cause: what the hint says helps" eval "$helps"
	fi
	for line in "${after[@]}" 'rm -f "$P"'; do
		eval "$line" >/dev/null 2>&1
	done
}

read_line()
{
	local key=${1%% *} rest=${1#* }

	case $key in
	cause) check_case; fresh; cause=$rest ;;
	c) source+=$rest$'\n' ;;
	flags | needs | run | as | error | hint | helps) printf -v "$key" %s "$rest" ;;
	status) want=$rest ;;
	before) before+=("$rest") ;;
	after) after+=("$rest") ;;
	'' | '#'*) ;;
	*) result 1 "unknown line of a case: $1" ;;
	esac
}

fresh
for file in "$TOP"/tests/why/*.case; do
	while IFS= read -r line <&9; do
		read_line "$line"
	done 9<"$file"
	check_case
	fresh
done
nothing_left "nothing is left"
done_testing
