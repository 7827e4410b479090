#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# map hist: arrays, per-CPU arrays and hashes of counters.
. "$(dirname "$0")/../lib.sh"
live
need jq
"$BPFCTL" map create "$BPFFS/a" type array key 4 value 8 entries 64 name "${PFX}_a"
"$BPFCTL" map create "$BPFFS/p" type percpu_array key 4 value 4 entries 8 name "${PFX}_p"
"$BPFCTL" map create "$BPFFS/h" type hash key 8 value 8 entries 8 name "${PFX}_h"
"$BPFCTL" map create "$BPFFS/s" type hash key 3 value 8 entries 8 name "${PFX}_s"

run "$BPFCTL" map hist pinned "$BPFFS/a"
status 0 "an empty map"
like "$out" '^ +value : count +distribution$' "has only titles"
run "$BPFCTL" -j map hist pinned "$BPFFS/a"
json_is '[.total, .buckets]|tojson' '[0,[]]' "no buckets in JSON"

le() { printf '%d %d 0 0 0 0 0 0' $(($1 % 256)) $(($1 / 256)); }
for pair in 0:3 2:40 4:10 63:1; do
	# shellcheck disable=SC2046
	"$BPFCTL" map update pinned "$BPFFS/a" key "${pair%:*}" 0 0 0 value $(le "${pair#*:}")
done
run "$BPFCTL" -j map hist pinned "$BPFFS/a" log2
json_ok "one document"
json_is '.total' 54 "counts are added up"
json_is '.buckets[:5] | map([.low, .high, .count]) | tojson' '[[0,1,3],[2,3,0],[4,7,40],[8,15,0],[16,31,10]]' \
	"powers of two, no gaps"
json_is '.buckets | length' 64 "up to the last"
like "$out" '"low":9223372036854775808,"high":18446744073709551615,"count":1' "which ends where 64 bits do"
run "$BPFCTL" map hist pinned "$BPFFS/a" lin
is "$(grep -c '\*' <<<"$out")" 4 "linear, abbreviated: only what was met"
like "$out" $'\n +2 : 40 +\\|\\*{40}\\|\n +4 : 10 +\\|\\*{10} {30}\\|' "bars in proportion"

"$BPFCTL" map update pinned "$BPFFS/p" key 1 0 0 0 value 5 0 0 0
run "$BPFCTL" -j map hist pinned "$BPFFS/p"
cpus=$("$BPFCTL" -j map lookup pinned "$BPFFS/p" key 1 0 0 0 | jq '.values | length')
json_is '.total' $((5 * cpus)) "per-CPU counters are added up"

"$BPFCTL" map update pinned "$BPFFS/h" key 232 3 0 0 0 0 0 0 value 7 0 0 0 0 0 0 0
run "$BPFCTL" -j map hist pinned "$BPFFS/h" linear
json_is '.buckets | tojson' '[{"low":1000,"high":1000,"count":7}]' "a hash of values"
run "$BPFCTL" map hist pinned "$BPFFS/h"
status 1 "1000 is no power of two that there is"
like "$err" "linear" "says what to do"
run "$BPFCTL" -j map hist pinned "$BPFFS/s"
status 1 "keys of three bytes"
json_is '.error | test("keys of 3")' true "are named"
rm "${BPFFS:?}"/{a,p,h,s}
nothing_left "nothing is left"
done_testing
