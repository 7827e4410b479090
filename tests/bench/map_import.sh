#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Loading large maps from JSON lines: ours beside bare batched updates and the distribution's bpftool batch
# file with the same updates, same run. As root; N=..., ROUNDS=... other numbers. Ends with 1 when a goal is missed.

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
"$bin/fill_map" plain "$BPFFS/plain" "$n" || exit 1
map=$BPFFS/plain missed=0
# Not in the order of the map's buckets: that would be faster to write than what bare updates do.
"$BPFCTL" map export pinned "$map" file "$T/sorted" >/dev/null || exit 1
{ head -n 1 "$T/sorted"; sed '1d;$d' "$T/sorted" | shuf; tail -n 1 "$T/sorted"; } >"$T/lines"
"$BPFCTL" -j map dump pinned "$map" >"$T/array" || exit 1
sed -n '2,$s/.*"key":"\([0-9a-f]*\)","value":"\([0-9a-f]*\)".*/\1 \2/p' "$T/lines" |
	sed 's/[0-9a-f][0-9a-f]/ &/g; s/  / value hex /' | sed "s|^ |map update pinned $map key hex |" >"$T/batch"

# goal TEXT VALUE OP LIMIT
goal()
{
	awk -v v="$2" -v l="$4" -v op="$3" 'BEGIN { exit !(op == "<=" ? v <= l : v >= l) }' && return
	echo "behind the goal: $1: $2, wanted $3 $4"
	missed=1
}

{
	read -r bare _ bare_rc
	read -r ours kb rc
	read -r array array_kb array_rc
} < <("$bin/measure" "$rounds" "$bin/fill_map" write plain "$map" "$n" -- "$BPFCTL" map import pinned "$map" file "$T/lines" \
	-- "$BPFCTL" map import pinned "$map" file "$T/array")
[ "$bare_rc$rc$array_rc" = 000 ] || { echo "something failed: $bare_rc $rc $array_rc"; exit 1; }
times() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
echo "$n entries, milliseconds (median of $rounds): bare $bare, import $ours ($(times "$ours" "$bare") x bare, $kb KB)," \
	"import of -j map dump, in bucket order, $array ($(times "$array" "$bare") x bare, $array_kb KB)"
goal "times bare updates" "$(times "$ours" "$bare")" '<=' 2.5
goal "KB resident" "$kb" '<=' 32768
# Any spelling of the same entries: beside our own lines.
sed 's/,/, /g; s/":/": /g; s/},/},\n/g' "$T/array" >"$T/blanks"
sed 's/\([[,{]\)/\1\n        /g' "$T/array" >"$T/pretty"
sed 's/{"key":\(.*\),"value":\(.*\)}/{"value":\2,"key":\1}/' "$T/lines" >"$T/order"
# Members that import has no use for, with escapes and brackets.
sed '2,$s/^{"key"/{"note":"\\u00e4\\u00f6 is \\u0041 \\"x\\"","key"/' "$T/lines" >"$T/escapes"
sed 's/{"key"/{"note":"\\u00e4\\u00f6 is \\u0041 \\"x\\"","key"/g' "$T/array" >"$T/array_escapes"
sed 's/\(,"value":"[^"]*"\)}$/\1,"formatted":{"key":{"pid":1,"n":[1,2,3]},"value":{"comm":"bash","ns":123456}}}/' "$T/lines" >"$T/formatted"
for spelling in blanks pretty order escapes array_escapes formatted; do
	{
		read -r ours _ rc
		read -r spelled _ spelled_rc
	} < <("$bin/measure" "$rounds" "$BPFCTL" map import pinned "$map" file "$T/lines" \
		-- "$BPFCTL" map import pinned "$map" file "$T/$spelling")
	[ "$rc$spelled_rc" = 00 ] || { echo "$spelling failed: $rc $spelled_rc"; exit 1; }
	echo "the same with other $spelling: $spelled ($(times "$spelled" "$ours") x our lines)"
	goal "$spelling, times our lines" "$(times "$spelled" "$ours")" '<=' 2
done
# Typed lines beside bytes of the same map.
"$bin/fill_map" typed "$BPFFS/typed" "$n" || exit 1
"$BPFCTL" map export pinned "$BPFFS/typed" file "$T/typed" >/dev/null || exit 1
"$BPFCTL" -j map dump pinned "$BPFFS/typed" | tee "$T/typed_formatted" | jq -c 'map({key, value})' >"$T/bytes" || exit 1
{
	read -r bytes _ rc
	read -r typed _ typed_rc
	read -r both _ both_rc
} < <("$bin/measure" "$rounds" "$BPFCTL" map import pinned "$BPFFS/typed" file "$T/bytes" \
	-- "$BPFCTL" map import pinned "$BPFFS/typed" file "$T/typed" \
	-- "$BPFCTL" map import pinned "$BPFFS/typed" file "$T/typed_formatted")
[ "$rc$typed_rc$both_rc" = 000 ] || { echo "typed failed: $rc $typed_rc $both_rc"; exit 1; }
echo "a typed map: bytes $bytes, typed lines $typed ($(times "$typed" "$bytes") x bytes), bytes with formatted $both" \
	"($(times "$both" "$typed") x typed lines)"
goal "bytes with formatted, times typed lines" "$(times "$both" "$typed")" '<=' 2
goal "typed lines, times bytes" "$(times "$typed" "$bytes")" '<=' 4
if [ -n "$BPFTOOL" ]; then
	read -r theirs _ rc < <("$bin/measure" 1 "$BPFTOOL" batch file "$T/batch")
	echo "bpftool batch file: $theirs ($(times "$theirs" "$ours") x ours, status $rc)"
	goal "times faster than bpftool" "$(times "$theirs" "$ours")" '>=' 5
fi
exit $missed
