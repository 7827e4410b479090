#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Dumps of maps that change under them: nothing twice, nothing lost that was there all the time, no
# more than the map holds (W43). One map is read in batches, the other has a walk that begins anew.
. "$(dirname "$0")/../lib.sh"
live
n=10000
# shellcheck disable=SC2046
"${CC:-cc}" -O2 -o "$T/fill_map" "$TOP/tests/bench/fill_map.c" $(pkg-config --cflags --libs libbpf) ||
	skip_all "cannot build what fills maps"

# The first 8 bytes of a value are the number of its entry; those below n stay.
stable()
{
	awk -v max="$(printf 'x%06x' "$n")" '/^key/ && "x" $13 $12 $11 < max { s++ } END { print s + 0 }'
}

for kind in plain lpm; do
	ok "$kind: filled" "$T/fill_map" "$kind" "$BPFFS/$kind" "$n"
	"$T/fill_map" churn "$kind" "$BPFFS/$kind" "$n" &
	churn=$!
	at_exit kill "$churn"
	doubles=0 lost=0 most=0
	for _ in 1 2 3 4 5; do
		run "$BPFCTL" map dump pinned "$BPFFS/$kind"
		[ "$status" = 0 ] || break
		dups=$(grep '^key' <<<"$out" | sort | cut -c1-28 | uniq -d | wc -l)
		total=$(grep -c '^key' <<<"$out")
		kept=$(stable <<<"$out")
		doubles=$((doubles + dups)) lost=$((lost + n - kept))
		((total > most)) && most=$total
	done
	status 0 "$kind: dumps succeed"
	is "$doubles" 0 "$kind: nothing twice"
	is "$lost" 0 "$kind: nothing lost"
	ok "$kind: $most entries at most" [ "$most" -le $((2 * n)) ]
	ok "$kind: it did change" [ "$most" -gt "$n" ]
	run "$BPFCTL" -j map dump pinned "$BPFFS/$kind"
	json_ok "$kind: one JSON document"
	kill "$churn"
	wait "$churn" 2>/dev/null
	run "$BPFCTL" map dump pinned "$BPFFS/$kind"
	is "$(tail -n 1 <<<"$out")" "Found $(grep -c '^key' <<<"$out") elements" "$kind: counted"
done
done_testing
