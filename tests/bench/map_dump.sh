#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Dumps of large maps: ours beside bare batched reads and the distribution's bpftool, same run, output
# to /dev/null. As root; N=..., ROUNDS=... other numbers. Ends with 1 when a goal is missed.

. "$(dirname "$0")/../lib.sh"
can_bpf || { echo "bench: needs root"; exit 1; }
live
n=${N:-1000000} rounds=${ROUNDS:-3}
[ -z "${QUICK:-}" ] || n=20000
bin=${BUILD:-$TOP/build}/tests/bench
mkdir -p "$bin"
CC=${CC:-cc}
# shellcheck disable=SC2046
"$CC" -O2 -Wall -o "$bin/fill_map" "$TOP/tests/bench/fill_map.c" $(pkg-config --cflags --libs libbpf) || exit 1
"$CC" -O2 -Wall -o "$bin/measure" "$TOP/tests/bench/measure.c" || exit 1
missed=

# goal TEXT VALUE OP LIMIT
goal()
{
	awk -v v="$2" -v l="$4" -v op="$3" 'BEGIN { exit !(op == "<=" ? v <= l : v >= l) }' ||
		missed="$missed  $1: $2, wanted $3 $4"$'\n'
}

# row MAP TIMES-FASTER TIMES-BARE WORD...
row()
{
	local map=$1 faster=$2 bare_max=$3 bare ours kb theirs=- r_bare r_theirs=- _

	shift 3
	{
		read -r bare _
		read -r ours kb _
		[ -z "$BPFTOOL" ] || read -r theirs _
	} < <("$bin/measure" "$rounds" "$bin/fill_map" read "$BPFFS/$map" \
		-- "$BPFCTL" "$@" pinned "$BPFFS/$map" ${BPFTOOL:+-- "$BPFTOOL" "$@" pinned "$BPFFS/$map"})
	r_bare=$(awk -v a="$ours" -v b="$bare" 'BEGIN { printf "%.2f", a / b }')
	[ "$theirs" = - ] || r_theirs=$(awk -v a="$theirs" -v b="$ours" 'BEGIN { printf "%.1f", a / b }')
	printf '%-28s %9s %9s %9s %8s %8s %9s\n' "$map, $*" "$bare" "$ours" "$theirs" "$r_bare" "$r_theirs" "$kb"
	[ "$bare_max" = - ] || goal "$map $*: times bare reads" "$r_bare" '<=' "$bare_max"
	[ "$r_theirs" = - ] || [ "$faster" = - ] || goal "$map $*: times faster" "$r_theirs" '>=' "$faster"
	goal "$map $*: KB resident" "$kb" '<=' 16384
}

"$bin/fill_map" plain "$BPFFS/plain" "$n" && "$bin/fill_map" typed "$BPFFS/typed" "$n" || exit 1
echo "maps of $n entries, milliseconds (median of $rounds)"
printf '%-28s %9s %9s %9s %8s %8s %9s\n' "" "bare" "ours" "bpftool" "x bare" "faster" "ours KB"
row plain 6 1.6 -j map dump
row typed 10 - -j map dump
row plain - - map dump
row plain - - -p map dump
if [ -n "$missed" ]; then
	printf '\nBehind the goal:\n%s' "$missed"
	exit 1
fi
