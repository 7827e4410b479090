# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash
#
# Rows of ours beside the distribution's bpftool, for the scripts here that source it after lib.sh and live:
# builds the helpers named in $helpers into $bin, then
#
#	titles				of the columns
#	row TEXT ROUNDS GOAL WORD...	the same words for both; GOAL is the ratio not to be passed, or -
#	missed_rows		what was behind its goal, and 1 then

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
bin=$BUILD/tests/bench
mkdir -p "$bin"
missed=

# shellcheck disable=SC2046,SC2154
for c in measure $helpers; do
	"${CC:-cc}" -O2 -o "$bin/$c" "$TOP/tests/bench/$c.c" $(pkg-config --cflags --libs libbpf) || exit 1
done

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }

titles()
{
	printf '%-44s %9s %9s %7s %6s %9s %9s\n' "" "ours ms" "bpftool" "ratio" "goal" "ours KB" "bpftool"
}

row()
{
	local text=$1 rounds=$2 goal=$3 ours theirs=- our_kb their_kb=- our_rc their_rc r=-

	shift 3
	{
		read -r ours our_kb our_rc
		[ -z "$BPFTOOL" ] || read -r theirs their_kb their_rc
	} < <("$bin/measure" "$rounds" "$BPFCTL" "$@" ${BPFTOOL:+-- "$BPFTOOL" "$@"})
	[ -z "$BPFTOOL" ] || r=$(ratio "$ours" "$theirs")
	[ "$our_rc" = 0 ] || text="$text (FAILED: $our_rc)"
	[ "${their_rc:-0}" = 0 ] || text="$text (theirs failed: $their_rc)"
	printf '%-44s %9s %9s %7s %6s %9s %9s\n' "$text" "$ours" "$theirs" "$r" "$goal" "$our_kb" "$their_kb"
	[ "$goal" = - ] || [ "$r" = - ] && return
	awk -v r="$r" -v g="$goal" 'BEGIN { exit (r + 0 > g + 0) }' || missed="$missed  $text"$'\n'
}

missed_rows()
{
	[ -n "$missed" ] || return 0
	printf '\nBehind the goal:\n%s' "$missed"
	return 1
}
